// Conditions on tracks, as in traumbox/domain/conditions.py: read, written, and in words.

import { clock, count, keyName, say } from "./format.js";

export const NUMBERS = [
  "bpm",
  "duration_s",
  "year",
  "loudness_lufs",
  "dynamic_range_lu",
  "brightness_hz",
  "percussive",
  "vocals",
  "added_s",
  "played_s",
];

const TONICS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
const DAY_S = 86_400;

// A fifth up is an hour on; a major key and its relative minor share one.
function hourOf(key) {
  const [tonic, mode] = key.split(" ");
  const pitch = TONICS.indexOf(tonic);
  return ((7 * (mode === "minor" ? pitch + 3 : pitch) + 7) % 12) + 1;
}

/** The place of a key on the Camelot wheel: "8A" for "A minor". */
export const camelot = (key) => `${hourOf(key)}${key.endsWith("minor") ? "A" : "B"}`;

const byHour = (one, other) => hourOf(one) - hourOf(other) || (one.endsWith("minor") ? -1 : 1);

/** Every key, around the wheel, the minor one of an hour first. */
export const KEYS = TONICS.flatMap((tonic) => [`${tonic} minor`, `${tonic} major`]).sort(byHour);

function decoded(word) {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

/** A condition as { field, low, high, values, negated }; ends that are open are null. */
export function readCondition(written) {
  const negated = written.startsWith("-");
  const [field, ...rest] = written.slice(negated ? 1 : 0).split(":");
  const value = rest.join(":");
  if (!NUMBERS.includes(field)) {
    return { field, negated, low: null, high: null, values: value.split(",").map(decoded) };
  }
  const [low, high = low] = value.split("..").map((end) => (end.trim() ? Number(end) : null));
  return { field, negated, low, high, values: [] };
}

/** The same as text; null where it says nothing. */
export function writeCondition({ field, low = null, high = null, values = [], negated = false }) {
  const sign = negated ? "-" : "";
  if (!NUMBERS.includes(field)) {
    if (!values.length) return null;
    // Only what would end a word or is an escape itself.
    return `${sign}${field}:${values.map((word) => word.replace(/[%,]/g, encodeURIComponent)).join(",")}`;
  }
  if (low === null && high === null) return null;
  return `${sign}${field}:${low === high ? low : `${low ?? ""}..${high ?? ""}`}`;
}

const language = () => document.documentElement.lang || "en-US";

/** A length as "3 min", or as "2:30" where that would be wrong. */
function length(seconds) {
  if (seconds % 60) return clock(seconds);
  const style = { style: "unit", unit: "minute", unitDisplay: "short" };
  return (seconds / 60).toLocaleString(language(), style);
}

function date(seconds) {
  const shown = new Date(seconds * 1000);
  const year = shown.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return shown.toLocaleDateString(language(), { day: "numeric", month: "short", year });
}

const decade = ({ low, high }) =>
  low !== null && low % 10 === 0 && high !== null && (high - low) % 10 === 9;

function decades(texts, { low, high }) {
  const last = high - 9;
  if (low === last) return say(texts, "decade", { decade: String(low) });
  return say(texts, "decades", { from: String(low), to: String(last) });
}

const SHOWN = {
  bpm: (value) => count(Math.round(value)),
  duration_s: length,
  year: (value) => String(value),
  loudness_lufs: (value) => String(Math.round(value * 10) / 10).replace("-", "−"),
  dynamic_range_lu: (value) => count(Math.round(value)),
  brightness_hz: (value) => count(Math.round(value)),
  percussive: (value) => count(Math.round(value * 100)),
  vocals: (value) => count(Math.round(value * 100)),
  added_s: date,
  played_s: date,
};

// A negated tempo. Tempi are shown as whole numbers: of what is under 85.5 none is above 85.
function otherTempo(texts, { low, high }) {
  if (high === null) return say(texts, "not_from_bpm", { from: count(Math.ceil(low - 0.5)) });
  if (low === null) return say(texts, "not_to_bpm", { to: count(Math.round(high)) });
  const words = numberWords(texts, { field: "bpm", low, high: Math.ceil(high - 0.5) });
  return say(texts, "not", { words });
}

function numberWords(texts, { field, low, high }) {
  if (field === "year" && decade({ low, high })) return decades(texts, { low, high });
  const shown = SHOWN[field];
  const values = { from: low === null ? "" : shown(low), to: high === null ? "" : shown(high) };
  if (high === null) return say(texts, `from_${field}`, values);
  if (low === null) return say(texts, `to_${field}`, values);
  if (values.from === values.to) return say(texts, `at_${field}`, values);
  return say(texts, `between_${field}`, values);
}

const WORDS = {
  key: (word) => `${keyName(word)}${TONICS.includes(word.split(" ")[0]) ? ` · ${camelot(word)}` : ""}`,
  format: (word) => word.toUpperCase(),
};
const NAMED_MOST = 3;

function listed(texts, words) {
  const more = words.length - NAMED_MOST;
  if (more > 0) {
    return say(texts, "or_others", { named: words.slice(0, NAMED_MOST).join(", "), more });
  }
  return new Intl.ListFormat(language(), { type: "disjunction" }).format(words);
}

/** A condition in words: "110–130 BPM", "A minor · 8A", "Genre: Jazz", "never played". */
export function conditionWords(texts, written) {
  const condition = readCondition(written);
  const { field, values, negated } = condition;
  if (field === "bpm" && negated) return otherTempo(texts, condition);
  if (NUMBERS.includes(field)) {
    const words = numberWords(texts, condition);
    return negated ? say(texts, "not", { words }) : words;
  }
  if (field === "played" && values.length === 1) {
    const isNever = (values[0] === "never") !== negated;
    return isNever ? texts.played_never : texts.played_ever;
  }
  if (field === "kind") {
    const words = listed(texts, values.map((kind) => texts[`only_${kind}`] ?? kind));
    return negated ? say(texts, "not", { words }) : words;
  }
  let words = listed(texts, values.map(WORDS[field] ?? String));
  if (negated) words = say(texts, "not", { words });
  return field === "key" ? words : say(texts, `of_${field}`, { words });
}

/** A chip's id in words: a condition, or "without:" and a sound. */
export function chipWords(texts, id) {
  if (!id.startsWith("without:")) return conditionWords(texts, id);
  return say(texts, "without", { sound: id.slice("without:".length) });
}

/** POSIX seconds of the day `days` ago, at its beginning where the reader is. */
export function daysAgo(days) {
  const day = new Date(Date.now() - days * DAY_S * 1000);
  return Math.floor(day.setHours(0, 0, 0, 0) / 1000);
}

/** POSIX seconds as a date field takes them, and back. */
export function dateValue(seconds) {
  const day = new Date(seconds * 1000);
  const two = (number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

export const dateSeconds = (value) => Math.floor(new Date(`${value}T00:00`).getTime() / 1000);
