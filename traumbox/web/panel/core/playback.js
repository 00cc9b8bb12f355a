// The one Audio object of the page and what components may know of it.

import { reactive } from "vue";
import { recall, remember } from "./storage.js";
import { url } from "./urls.js";

const VOLUME_KEY = "traumbox.volume";
const RETRY_MS = 4000;
const REFUSAL_MS = 20_000;

export const audio = new Audio();
audio.preload = "metadata";

export const playback = reactive({
  track: null,
  playing: false,
  waiting: false,
  timeS: 0,
  durationS: 0,
  volume: 1,
  muted: false,
  problem: "", // "", "connection", "gone", "offline" or "unplayable"
  refusal: null, // { title, reason } of a track that wasn't put on: its folder is offline
});

const decodedByServer = new Set(); // ids of tracks this browser can't play as they are
const endListeners = new Set();
let pendingS = null; // where to go once the track's length is known
let retryTimer = 0;
let refusalTimer = 0;

export function onEnded(listener) {
  endListeners.add(listener);
}

/** Put a track on without playing it; `atS` is where it will begin. */
export function load(track, atS = 0) {
  clearTimeout(retryTimer);
  Object.assign(playback, { track, problem: "", timeS: atS, durationS: track.duration_s });
  pendingS = atS;
  audio.src = url(track.stream) + (decodedByServer.has(track.id) ? "?as=wav" : "");
}

/** Play a track from `atS`; called within the tap, or browsers won't allow sound. */
export function playTrack(track, atS = 0) {
  if (playback.track?.id === track.id && !playback.problem) seek(atS);
  else load(track, atS);
  return resume();
}

export function resume() {
  if (playback.problem && playback.track) load(playback.track, playback.timeS);
  // Rejected when the browser wants a tap first or another track is put on: both show as paused.
  return audio.play().catch(() => {});
}

export const pause = () => audio.pause();

export function toggle() {
  if (playback.track) audio.paused ? resume() : pause();
}

export function seek(seconds) {
  if (!playback.track) return;
  const target = Math.min(Math.max(0, seconds), Math.max(0, playback.durationS - 0.2));
  playback.timeS = target;
  if (audio.readyState) audio.currentTime = target;
  else pendingS = target;
}

export const skip = (seconds) => seek(playback.timeS + seconds);

export function setVolume(volume) {
  playback.volume = Math.min(1, Math.max(0, volume));
  playback.muted = playback.volume === 0;
  applyVolume();
}

export function toggleMute() {
  playback.muted = !playback.muted;
  if (!playback.muted && playback.volume === 0) playback.volume = 0.5;
  applyVolume();
}

function applyVolume() {
  audio.volume = playback.volume;
  audio.muted = playback.muted;
  const { volume, muted } = playback;
  remember(VOLUME_KEY, { volume, muted });
}

function restoreVolume() {
  const { volume = 1, muted = false } = recall(VOLUME_KEY, {});
  Object.assign(playback, { volume, muted });
  audio.volume = playback.volume;
  audio.muted = playback.muted;
}

/** Ask the server why a stream doesn't play; the audio element only knows that it doesn't. */
async function whyNot(stream) {
  try {
    const response = await fetch(url(stream), { headers: { Range: "bytes=0-0" } });
    if (response.status === 503) return { problem: "offline", ...(await response.json()) };
    await response.body?.cancel();
    return { problem: response.ok ? "unplayable" : "gone" };
  } catch {
    return { problem: "connection" };
  }
}

/** Whether the folder of a track that was offline still is; if so, its reason is shown. */
export async function isStillOffline(track) {
  const { problem, detail, remedy } = await whyNot(track.stream);
  if (problem === "offline") refuse(track, detail, remedy);
  return problem === "offline";
}

function refuse({ title }, ...reasons) {
  clearTimeout(refusalTimer);
  playback.refusal = { title, reason: reasons.filter(Boolean).join(" ") };
  refusalTimer = setTimeout(dismissRefusal, REFUSAL_MS);
}

export const dismissRefusal = () => (playback.refusal = null);

async function recover() {
  const { track, timeS } = playback;
  const wanted = !audio.paused;
  const { problem: reason, detail, remedy } = await whyNot(track.stream);
  if (playback.track?.id !== track.id) return; // another track was put on meanwhile
  if (reason === "unplayable" && !decodedByServer.has(track.id)) {
    decodedByServer.add(track.id);
    load(track, timeS);
    if (wanted) resume();
    return;
  }
  playback.problem = reason;
  if (reason === "offline") refuse(track, detail, remedy);
  playback.playing = playback.waiting = false;
  if (reason === "connection" && wanted) retryTimer = setTimeout(resume, RETRY_MS);
}

function showTime() {
  if (pendingS === null) playback.timeS = audio.currentTime;
  if (Number.isFinite(audio.duration) && audio.duration > 0) playback.durationS = audio.duration;
}

audio.addEventListener("loadedmetadata", () => {
  if (pendingS) audio.currentTime = pendingS;
  pendingS = null;
  showTime();
});
audio.addEventListener("error", () => {
  if (playback.track) recover();
});
audio.addEventListener("ended", () => endListeners.forEach((listener) => listener()));
audio.addEventListener("waiting", () => (playback.waiting = true));
for (const name of ["timeupdate", "durationchange", "seeking"]) {
  audio.addEventListener(name, showTime);
}
for (const name of ["play", "pause", "playing", "canplay"]) {
  audio.addEventListener(name, () => {
    playback.playing = !audio.paused;
    if (name !== "play") playback.waiting = false;
  });
}
restoreVolume();
