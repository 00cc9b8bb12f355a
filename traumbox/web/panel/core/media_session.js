// Lock screen, headset buttons and media keys.

import { watch } from "vue";
import { audio, pause, playback, resume, seek, skip } from "./playback.js";
import { next, previous } from "./queue.js";
import { url } from "./urls.js";

const SKIP_S = 10;

function show(track) {
  if (!track) return;
  const artwork = track.cover ? [{ src: url(track.cover), type: "image/jpeg" }] : [];
  const { title, artist, album } = track;
  navigator.mediaSession.metadata = new MediaMetadata({ title, artist, album, artwork });
}

function showPosition() {
  if (!playback.durationS) return;
  navigator.mediaSession.setPositionState?.({
    duration: playback.durationS,
    position: Math.min(playback.timeS, playback.durationS),
    playbackRate: audio.playbackRate,
  });
}

export function connectMediaSession() {
  if (!("mediaSession" in navigator)) return;
  const actions = {
    play: resume,
    pause,
    previoustrack: previous,
    nexttrack: next,
    seekto: ({ seekTime }) => seek(seekTime),
    seekbackward: ({ seekOffset }) => skip(-(seekOffset ?? SKIP_S)),
    seekforward: ({ seekOffset }) => skip(seekOffset ?? SKIP_S),
  };
  for (const [name, action] of Object.entries(actions)) {
    try {
      navigator.mediaSession.setActionHandler(name, action);
    } catch {
      // This browser doesn't know the action.
    }
  }
  watch(() => playback.track, show, { immediate: true });
  for (const name of ["loadedmetadata", "seeked", "play", "pause"]) {
    audio.addEventListener(name, showPosition);
  }
}
