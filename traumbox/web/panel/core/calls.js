// Calls to the service's API.

import { url } from "./urls.js";

/** The reason of a refused call in words, or null where the service gave none. */
export async function reasonOf(response) {
  try {
    const { detail = "", remedy = "" } = await response.json();
    return [detail, remedy].filter(Boolean).join(" ") || null;
  } catch {
    return null;
  }
}

/** GET a path with these parameters (lists name theirs again): { answer } or { problem }. */
export async function ask(path, parameters = {}, options = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) query.append(name, one);
  }
  try {
    const response = await fetch(url(`${path}?${query}`), options);
    if (!response.ok) return { problem: await reasonOf(response) };
    return { answer: await response.json() };
  } catch {
    return { problem: null };
  }
}
