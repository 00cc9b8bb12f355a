// What is being done about models, in words and as a share of the whole.

import { say, size, timeLeft, timeOfDay } from "./format.js";

/** The models' names as they stand within a sentence. */
export function modelNames(texts, models) {
  const named = models.map(({ name, title }) => [name, title]);
  return { ...Object.fromEntries(named), builtin: texts.the_builtin };
}

const joined = (...parts) => parts.filter(Boolean).join(" · ");

/** A share for a bar and, in short, for where there is little room. */
function progress(texts, done, total, leftS) {
  if (!total) return { share: null, percent: "", brief: timeLeft(texts, leftS) };
  const share = Math.min(1, done / total);
  const percent = `${Math.floor(share * 100)}%`;
  return { share, percent, brief: joined(percent, timeLeft(texts, leftS)) };
}

/** What the getting of a model is at; a note says that it isn't downloading: checking, copying. */
export const fetchStep = ({ stage, note }) =>
  stage === "convert" ? "converting" : note ? "getting" : "downloading";

/**
 * The getting of a model as {title, share, percent, brief, numbers, lines}: `share` is 0–1, null
 * while it can't be told, undefined while nothing is going on. A file that is taken in has no
 * `title` yet; `fetch.model` is its name then, or empty.
 */
export function fetchWork(texts, fetch, title) {
  const { stage, done_bytes: done, total_bytes: total } = fetch;
  const lines = [fetch.note].filter(Boolean);
  if (stage === "waiting") {
    const time = fetch.next_try_s === null ? "" : timeOfDay(fetch.next_try_s);
    const numbers = done && total ? downloaded(texts, fetch) : "";
    return { title: say(texts, time ? "waiting_until" : "waiting", { time }), numbers, lines };
  }
  const key = title ? fetchStep(fetch) : fetch.model ? "taking_file" : "taking";
  return {
    title: say(texts, key, { title, file: fetch.model }),
    ...progress(texts, done, total, fetch.left_s),
    numbers: stage === "download" && total ? downloaded(texts, fetch) : "",
    lines,
  };
}

function downloaded(texts, { done_bytes, total_bytes, bytes_per_s, left_s }) {
  return joined(
    say(texts, "bytes", { done: size(done_bytes), total: size(total_bytes) }),
    bytes_per_s ? size(bytes_per_s, { perSecond: true }) : "",
    timeLeft(texts, left_s),
  );
}

/** The change from one model to another in the same form; `names` as above. */
export function changeWork(texts, change, names) {
  const { done, total } = change;
  const values = { title: names[change.new], old: names[change.old] };
  return {
    title: say(texts, "changing", values),
    ...progress(texts, done, total, change.left_s),
    numbers: joined(
      total ? say(texts, "tracks_done", { done, total }) : "",
      timeLeft(texts, change.left_s),
    ),
    lines: [say(texts, "meanwhile", values), change.note].filter(Boolean),
  };
}
