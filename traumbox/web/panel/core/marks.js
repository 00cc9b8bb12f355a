// What is to be known of a track before it is played.

/** Its tags as { text, tone }. */
export function marks(texts, { offline, kind }) {
  return [
    offline && { text: texts.offline, tone: "off" },
    kind && kind !== "music" && { text: texts[`kind_${kind}`], tone: "plain" },
  ].filter(Boolean);
}

/** A hit as things are now: `away` are the folders that are offline, null while it isn't known. */
export function atHand(hit, away) {
  const { track } = hit;
  return away ? { ...hit, track: { ...track, offline: away.includes(track.folder) } } : hit;
}
