// Lists that the service makes as one listens: radio from a track, a journey between two.

import { reactive, watch } from "vue";
import { ask } from "./calls.js";
import { say } from "./format.js";
import { onPlayed } from "./plays.js";
import { cutList, extendList, playFrom, queue } from "./queue.js";
import { recall, remember } from "./storage.js";
import { tell } from "./toast.js";

const ADVENTUROUS_KEY = "traumbox.adventurous";
const FEW_LEFT = 3;
const AT_ONCE = 10;
const REMEMBERED = 300;
const JOURNEY_LENGTH = 12;
const LIKED_SHARE = 0.8;
const SKIPPED_SHARE = 0.5;
const CHANCES = 2 ** 31;

/** `from` is the track where a journey shall begin, until its end has been chosen. */
export const journey = reactive({ from: null });

let asking = 0; // counts what was asked for: an answer about an earlier list comes too late

const isRadio = () => queue.source.kind === "radio";
const latest = (ids) => ids.slice(-REMEMBERED);

async function refill() {
  const { source } = queue;
  asking += 1;
  const asked = asking;
  const { answer, problem } = await ask("/api/v1/radio", {
    seed: source.seeds,
    heard: latest(source.heard),
    liked: latest(source.liked),
    skipped: latest(source.skipped),
    adventurous: source.adventurous,
    chance: source.chance,
    count: AT_ONCE,
  });
  if (asked !== asking || queue.source !== source) return { problem: "" };
  const tracks = answer?.hits.map(({ track }) => track) ?? [];
  source.heard = latest([...source.heard, ...tracks.map(({ id }) => id)]);
  source.ended = Boolean(answer) && (answer.ended || !tracks.length); // a failure is tried again
  extendList(tracks);
  return { problem: answer ? "" : (problem ?? "unknown"), count: tracks.length };
}

/** Play a track, and after it what goes with it, for as long as one listens. */
export async function startRadio(texts, track) {
  playFrom(track, {
    kind: "radio",
    title: track.title,
    seeds: [track.id],
    heard: [track.id],
    liked: [],
    skipped: [],
    adventurous: recall(ADVENTUROUS_KEY, 0.3),
    chance: Math.floor(Math.random() * CHANCES),
    ended: false,
  });
  const { problem, count } = await refill();
  if (problem) tell(problem === "unknown" ? texts.radio_failed : problem);
  else if (count) tell(say(texts, "radio_began", { title: track.title }));
}

/** Another mixture from now on: what hasn't been played yet is chosen anew. */
export function setAdventurous(adventurous) {
  if (!isRadio()) return;
  remember(ADVENTUROUS_KEY, adventurous);
  const cut = cutList().map(({ id }) => id);
  const { source } = queue;
  Object.assign(source, { adventurous, ended: false });
  source.heard = source.heard.filter((id) => !cut.includes(id));
  refill();
}

/** Play the way from the track that was chosen first to this one. */
export async function endJourney(texts, to) {
  const { from } = journey;
  journey.from = null;
  const source = { kind: "journey", title: from.title, to: to.title };
  playFrom(from, source);
  asking += 1;
  const asked = asking;
  const parameters = { from: from.id, to: to.id, length: JOURNEY_LENGTH };
  const { answer, problem } = await ask("/api/v1/journey", parameters);
  if (asked !== asking) return;
  if (!answer) {
    queue.source = { kind: "results" };
    tell(problem ?? texts.journey_failed);
    return;
  }
  extendList(answer.hits.map(({ track }) => track).filter(({ id }) => id !== from.id));
  tell(say(texts, "journey_began", { title: from.title, to: to.title }));
}

/** Keep the radio going, and let it learn from what is heard out and what isn't. */
export function connectRadio() {
  onPlayed(({ id, share }) => {
    if (!isRadio() || !queue.source.heard.includes(id)) return;
    const { source } = queue;
    if (share >= LIKED_SHARE) source.liked = latest([...source.liked, id]);
    else if (share < SKIPPED_SHARE) source.skipped = latest([...source.skipped, id]);
  });
  // By the position alone: a list that an answer has just made longer isn't asked about again.
  watch(
    () => queue.position,
    () => {
      const left = queue.list.length - 1 - queue.position;
      if (isRadio() && queue.list.length > 1 && left <= FEW_LEFT && !queue.source.ended) refill();
    },
  );
}
