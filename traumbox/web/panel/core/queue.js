// What plays next: first what the listener queued, then the list the current track was played from.

import { reactive } from "vue";
import { audio, isStillOffline, onEnded, playback, playTrack, seek, toggle } from "./playback.js";

const RESTART_AFTER_S = 4;
const MAX_PAST = 100;

/**
 * An entry is { id, track, startS }: its own id, for a track can be queued twice; startS is the
 * moment where it begins, or null for a track that is heard from its beginning.
 */
export const queue = reactive({
  current: null,
  waiting: [], // queued by the listener
  list: [], // results around the current track
  position: -1, // of the list's entry that was played last
  source: { kind: "results" }, // of the list: also "radio" and "journey", see walks.js
  past: [],
});

let lastId = 0;
const entry = (track, startS = null) => ({ id: ++lastId, track, startS });

let begun = 0; // counts what was put on: an answer about an earlier one comes too late

function begin(next, atS = next.startS ?? 0) {
  begun += 1;
  if (next.track.offline) {
    beginIfBack(next, atS);
    return;
  }
  const isAnother = queue.current && queue.current.track.id !== next.track.id;
  if (isAnother) queue.past.push(queue.current);
  if (queue.past.length > MAX_PAST) queue.past.shift();
  queue.current = next;
  playTrack(next.track, atS);
}

/** Begin with a track whose folder was offline when it was listed; what plays goes on meanwhile. */
async function beginIfBack(next, atS) {
  const asked = begun;
  const isAway = await isStillOffline(next.track);
  if (asked !== begun) return;
  next.track.offline = isAway;
  if (!isAway) begin(next, atS);
  else if (audio.ended) goOn();
}

/** Play one of a list of hits, by default from its moment; the others follow. */
export function playHit(hits, position, atS = hits[position].start_s ?? 0) {
  queue.source = { kind: "results" };
  queue.list = hits.map((hit) => entry(hit.track, hit.start_s));
  queue.position = position;
  begin(queue.list[position], atS);
}

/** Play a track from a moment without changing what follows. */
export function playMoment(track, atS) {
  if (queue.current?.track.id === track.id) playTrack(track, atS);
  else begin(entry(track, atS));
}

/** Let a list begin with a track: it is put on, or goes on where it plays already. */
export function playFrom(track, source) {
  const isOn = queue.current?.track.id === track.id;
  const first = isOn ? queue.current : entry(track);
  Object.assign(queue, { list: [first], position: 0, source });
  if (!isOn || !playback.playing) begin(first, isOn ? playback.timeS : 0);
}

/** Let these tracks follow at the end of the list. */
export const extendList = (tracks) => queue.list.push(...tracks.map((track) => entry(track)));

/** Take from the list what comes after the track that plays; returns those tracks. */
export function cutList() {
  return queue.list.splice(queue.position + 1).map(({ track }) => track);
}

/** The place in the list of what comes next: tracks that can't be played are passed over. */
function nextInList() {
  const isNext = ({ track }, place) => place > queue.position && !track.offline;
  return queue.list.findIndex(isNext);
}

export const canGoOn = () => queue.waiting.length > 0 || nextInList() >= 0;

export function next() {
  const queued = queue.waiting.shift();
  const place = nextInList();
  if (queued) begin(queued);
  else if (place >= 0) playListed(place);
}

/** The play button: with nothing on yet it begins with what was queued. */
export function playOrPause() {
  if (playback.track) toggle();
  else next();
}

/** Back to where the track began; at its beginning, back to the track before. */
export function previous() {
  if (!queue.current) return;
  const startS = queue.current.startS ?? 0;
  const isUnderWay = playback.timeS < startS || playback.timeS > startS + RESTART_AFTER_S;
  if (isUnderWay || !queue.past.length) {
    seek(playback.timeS < startS ? 0 : startS);
    return;
  }
  const before = queue.past.pop();
  const place = queue.list.findIndex((each) => each.id === before.id);
  if (place >= 0) queue.position = place;
  queue.current = before;
  playTrack(before.track, before.startS ?? 0);
}

export const enqueue = (track) => queue.waiting.push(entry(track));

export const playNext = (track) => queue.waiting.unshift(entry(track));

export const removeQueued = (index) => queue.waiting.splice(index, 1);

export const clearQueued = () => queue.waiting.splice(0);

export function moveQueued(index, by) {
  const target = index + by;
  if (target < 0 || target >= queue.waiting.length) return;
  const [moved] = queue.waiting.splice(index, 1);
  queue.waiting.splice(target, 0, moved);
}

export function playQueued(index) {
  const [chosen] = queue.waiting.splice(index, 1);
  begin(chosen);
}

export function playListed(position) {
  queue.position = position;
  begin(queue.list[position]);
}

/** Take over a saved state; ids go on where it left off. */
export function restoreQueue(saved) {
  Object.assign(queue, saved);
  const entries = [saved.current, ...saved.waiting, ...saved.list, ...saved.past];
  lastId = Math.max(0, ...entries.filter(Boolean).map((each) => each.id));
}

function goOn() {
  if (canGoOn()) next();
}

onEnded(goOn);
