// Addresses within the panel: the one place that knows of a reverse proxy's path prefix.

// NiceGUI sets window.path_prefix only after the first render; this module's own address has it.
const prefix = new URL(import.meta.url).pathname.split("/_nicegui/")[0];

export const url = (path) => prefix + path;

/** The path of the search page for a query; the address bar is where the query lives. */
export function searchPath({ text = "", like = "" } = {}) {
  const query = new URLSearchParams();
  if (like) query.set("like", like);
  else if (text.trim()) query.set("q", text.trim());
  const encoded = query.toString();
  return encoded ? `/?${encoded}` : "/";
}

/** Go to a path within the panel without loading the page anew, so the music plays on. */
export function navigate(path) {
  const target = url(path);
  const isHere = location.pathname + location.search === target;
  history[isHere ? "replaceState" : "pushState"]({ page: path }, "", target);
  emitEvent("sub_pages_open", path); // NiceGUI's own event for "the address has changed"
}
