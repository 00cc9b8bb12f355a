// The player survives a reload of the page, which also follows a restart of the server.

import { watch } from "vue";
import { audio, load, playback, resume } from "./playback.js";
import { queue, restoreQueue } from "./queue.js";

const QUEUE_KEY = "traumbox.queue";
const NOW_KEY = "traumbox.now";
const SAVE_EVERY_MS = 1000;

let savedAtMs = 0;

function store(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the music plays on, only a reload forgets it.
  }
}

function saveNow() {
  if (!playback.track) return;
  savedAtMs = Date.now();
  store(NOW_KEY, { timeS: playback.timeS, playing: !audio.paused });
}

/** Put on what was playing before the page was loaded, and keep saving from now on. */
export function restoreSession() {
  try {
    const saved = JSON.parse(sessionStorage.getItem(QUEUE_KEY));
    const now = JSON.parse(sessionStorage.getItem(NOW_KEY));
    if (saved?.current) {
      restoreQueue(saved);
      load(queue.current.track, now?.timeS ?? queue.current.startS ?? 0);
      if (now?.playing) resume();
    }
  } catch {
    // Saved by another version: begin afresh.
  }
  watch(queue, () => store(QUEUE_KEY, queue), { deep: true });
  for (const name of ["play", "pause", "seeked"]) audio.addEventListener(name, saveNow);
  audio.addEventListener("timeupdate", () => {
    if (Date.now() - savedAtMs >= SAVE_EVERY_MS) saveNow();
  });
  addEventListener("pagehide", saveNow);
}
