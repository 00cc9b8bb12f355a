// Addresses within the panel: the one place that knows of a reverse proxy's path prefix.

// NiceGUI sets window.path_prefix only after the first render; this module's own address has it.
const prefix = new URL(import.meta.url).pathname.split("/_nicegui/")[0];

export const url = (path) => prefix + path;

/**
 * The path of the search page for a question; the address bar is where the question lives. `like`
 * and `unlike` are lists of track ids, `filters` of conditions, `back` of chips taken back.
 */
export function searchPath({ text = "", like = [], unlike = [], filters = [], back = [] } = {}) {
  const query = new URLSearchParams();
  if (text.trim()) query.set("q", text.trim());
  for (const id of like) query.append("like", id);
  for (const id of unlike) query.append("unlike", id);
  for (const condition of filters) query.append("filter", condition);
  for (const id of back) query.append("back", id);
  const encoded = query.toString();
  return encoded ? `/?${encoded}` : "/";
}

/** The path of the answer to a sound; only this browser holds it. */
export const soundPath = (name) => `/?${new URLSearchParams({ sound: name })}`;

/** Go to a path within the panel without loading the page anew, so the music plays on. */
export function navigate(path) {
  const target = url(path);
  const isHere = location.pathname + location.search === target;
  history[isHere ? "replaceState" : "pushState"]({ page: path }, "", target);
  emitEvent("sub_pages_open", path); // NiceGUI's own event for "the address has changed"
}
