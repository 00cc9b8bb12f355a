// What this browser remembers; where storage is refused it remembers nothing, and all else works.

/** What was written under a key, or `missing`; also where it is damaged. */
export function recall(key, missing = null) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? missing;
  } catch {
    return missing;
  }
}

/** Write a value, or forget the key with null; returns whether it could be. */
export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
