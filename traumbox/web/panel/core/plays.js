// Tells the service what was really heard: conditions such as "never played" live on it.

import { audio, playback } from "./playback.js";
import { url } from "./urls.js";

const LONG_ENOUGH_S = 30;
const STEP_MOST_S = 2; // a larger one is a jump within the track

const listeners = new Set();

let play = null; // { id, atS, heardS, lastS, told, durationS }

/** Be told of every play that is over: { id, share } of the track that was heard (0-1). */
export const onPlayed = (listener) => listeners.add(listener);

function tell(ended) {
  const { id, atS, heardS } = ended;
  ended.told = heardS;
  const body = JSON.stringify({ seconds: Math.round(heardS * 10) / 10, at_s: atS });
  const headers = { "Content-Type": "application/json" };
  // keepalive: also when the page goes. A play that isn't noted is no matter for the listener.
  fetch(url(`/api/v1/audio/files/${encodeURIComponent(id)}/played`), {
    method: "POST",
    body,
    headers,
    keepalive: true,
  }).catch(() => {});
}

const tellRest = () => play?.told && play.heardS > play.told + 1 && tell(play);

/** The play of a track is over: tell how long it was, if it was one. */
function finish() {
  tellRest();
  const over = play;
  play = null;
  if (!over) return;
  const share = over.durationS ? over.heardS / over.durationS : 0;
  for (const listener of listeners) listener({ id: over.id, share });
}

function advance() {
  const { track, timeS } = playback;
  if (!track || audio.paused) return;
  if (play?.id !== track.id) {
    finish();
    play = { id: track.id, atS: Date.now() / 1000, heardS: 0, lastS: timeS, told: 0 };
  }
  play.durationS = playback.durationS;
  const step = timeS - play.lastS;
  if (step > 0 && step < STEP_MOST_S) play.heardS += step;
  play.lastS = timeS;
  const enough = Math.min(LONG_ENOUGH_S, (play.durationS || Infinity) / 2);
  if (!play.told && play.heardS >= enough) tell(play);
}

export function reportPlays() {
  audio.addEventListener("timeupdate", advance);
  audio.addEventListener("ended", finish);
  addEventListener("pagehide", tellRest);
}
