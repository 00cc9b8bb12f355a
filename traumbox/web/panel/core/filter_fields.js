// The filter form's fields, and the conditions they stand for.

import { dateSeconds, dateValue, daysAgo, readCondition, writeCondition } from "./conditions.js";

export const FORMATS = ["flac", "mp3", "aac", "alac", "opus", "vorbis", "wav", "aiff"];
export const KINDS = ["music", "audiobook", "podcast"];
const RECENTLY_DAYS = 14;
const LONG_DAYS = 182;

/** Ranges by their field's name in the form: the condition's field, and how many of it are one. */
export const RANGES = {
  bpm: { field: "bpm", unit: 1, least: 20, most: 400, step: 1 },
  year: { field: "year", unit: 1, least: 0, most: 3000, step: 1 },
  minutes: { field: "duration_s", unit: 60, least: 0, most: 6000, step: 0.5 },
  loudness: { field: "loudness_lufs", unit: 1, least: -70, most: 0, step: 0.5 },
};
const LISTS = ["key", "genre", "artist", "folder", "format", "kind"];
const PLAYED = {
  never: () => "played:never",
  ever: () => "played:ever",
  lately: () => `played_s:${daysAgo(RECENTLY_DAYS)}..`,
  not_lately: () => `-played_s:${daysAgo(LONG_DAYS)}..`,
};
export const PLAYED_CHOICES = Object.keys(PLAYED);

const empty = () => ({
  ...Object.fromEntries(Object.keys(RANGES).map((name) => [name, { from: "", to: "" }])),
  ...Object.fromEntries(LISTS.map((field) => [field, []])),
  added: "",
  played: "",
  kept: [], // conditions that the form has no field for
  playedAs: "", // the condition on plays as it was, with its day
});

const playedChoice = ({ field, values, negated, low }) => {
  if (field === "played") return negated || values.length !== 1 ? null : values[0];
  return low === null ? null : negated ? "not_lately" : "lately";
};

const rangeOf = (field) => Object.keys(RANGES).find((name) => RANGES[name].field === field);

/** Read one condition into the fields; false where they can't hold it. */
function put(fields, written) {
  const condition = readCondition(written);
  const { field, low, high, values, negated } = condition;
  if (field === "played" || field === "played_s") {
    const choice = playedChoice(condition);
    if (!choice || fields.played || high !== null) return false;
    Object.assign(fields, { played: choice, playedAs: written });
    return true;
  }
  if (negated) return false;
  if (field === "added_s" && high === null && !fields.added) {
    fields.added = dateValue(low);
    return fields.added !== "";
  }
  if (LISTS.includes(field) && !fields[field].length) {
    fields[field] = values;
    return true;
  }
  const name = rangeOf(field);
  if (!name || fields[name].from !== "" || fields[name].to !== "") return false;
  const shown = (end) => (end === null ? "" : end / RANGES[name].unit);
  fields[name] = { from: shown(low), to: shown(high) };
  return true;
}

/** The form's fields for these conditions. */
export function fieldsOf(filters) {
  const fields = empty();
  fields.kept = filters.filter((written) => !put(fields, written));
  return fields;
}

const number = (typed) => (typed === "" || typed === null || Number.isNaN(Number(typed)) ? null : Number(typed));

function rangeCondition(fields, name) {
  const { field, unit } = RANGES[name];
  const ends = [fields[name].from, fields[name].to].map(number);
  const [low, high] = ends.map((end) => (end === null ? null : end * unit));
  const isTurned = low !== null && high !== null && low > high;
  return writeCondition(isTurned ? { field, low: high, high: low } : { field, low, high });
}

/** The conditions that the fields stand for. */
export function conditionsOf(fields) {
  const isAsItWas = fields.playedAs && playedChoice(readCondition(fields.playedAs)) === fields.played;
  const played = isAsItWas ? fields.playedAs : PLAYED[fields.played]?.();
  const added = fields.added && writeCondition({ field: "added_s", low: dateSeconds(fields.added) });
  return [
    ...Object.keys(RANGES).map((name) => rangeCondition(fields, name)),
    ...LISTS.map((field) => writeCondition({ field, values: fields[field] })),
    added,
    played,
    ...fields.kept,
  ].filter(Boolean);
}
