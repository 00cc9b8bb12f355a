// Numbers, times and texts as people read them.

const language = () => document.documentElement.lang || "en-US";

/** Seconds as "3:07" or "1:02:45". */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

export const count = (number) => Number(number || 0).toLocaleString(language());

/** Base64 of uint8 columns, as the server sends waveforms and heat-maps. */
export function columns(base64) {
  return Uint8Array.from(atob(base64 || ""), (character) => character.charCodeAt(0));
}

/** "F# minor" as "F♯ minor". */
export const keyName = (key) => (key || "").replace("#", "♯").replace(/^([A-G])b/, "$1♭");

/** A tempo, and the half or double of it that it may be as well: filters take either. */
function tempo(texts, bpm, other) {
  if (!bpm) return "";
  const values = { bpm: Math.round(bpm), other: Math.round(other ?? 0) };
  return say(texts, values.other ? "bpm_either" : "bpm", values);
}

/** Tempo, key and length, as far as they are known; the length comes last. */
export function facts(texts, { bpm, bpm_other: other, key, duration_s: durationS }) {
  return [tempo(texts, bpm, other), keyName(key), clock(durationS)].filter(Boolean);
}

/** A reason that comes as part of a sentence, to stand by itself as a heading. */
export const standalone = (text) => text && text[0].toUpperCase() + text.slice(1).replace(/\.$/, "");

/** The same as a sentence of its own. */
export const sentence = (text) => text && text[0].toUpperCase() + text.slice(1).replace(/\.?$/, ".");

export const credit = (track) => [track.artist, track.album].filter(Boolean).join(" · ");

/**
 * A text of the catalogue with its {placeholders} filled in. With a `count`, the form is chosen by
 * the language's plural rules: "tracks_one", "tracks_other".
 */
export function say(texts, key, values = {}) {
  let text = texts[key];
  if (values.count !== undefined) {
    const form = new Intl.PluralRules(language()).select(values.count);
    text = texts[`${key}_${form}`] ?? texts[`${key}_other`] ?? text;
  }
  return (text ?? key).replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === "number" ? count(values[name]) : (values[name] ?? ""),
  );
}

/** Time left in words of the catalogue, rounded so that it doesn't flicker. */
export function timeLeft(texts, seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 60) return say(texts, "left_under_a_minute");
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return say(texts, "left_minutes", { minutes });
  return say(texts, "left_hours", { hours: Math.round(minutes / 60) });
}

const BYTES = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** Bytes as "2.35 GB", in powers of a thousand as downloads are measured; or "8.1 MB/s". */
export function size(bytes, { perSecond = false } = {}) {
  const power = Math.min(BYTES.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const unit = BYTES[power] + (perSecond ? "-per-second" : "");
  const style = { style: "unit", unit, maximumSignificantDigits: 3 };
  return (bytes / 1000 ** power).toLocaleString(language(), style);
}

/** POSIX seconds as "14:05" where the reader is. */
export function timeOfDay(seconds) {
  const style = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Date(seconds * 1000).toLocaleTimeString(language(), style);
}

const SPANS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

// The largest unit of which there are nearly two: "90 minutes" says more than "1 hour".
const spanOf = (seconds) => SPANS.find(([, length]) => seconds >= 1.5 * length) ?? SPANS.at(-1);

/** A number of seconds as "10 minutes". */
export function span(seconds) {
  const [unit, length] = spanOf(seconds);
  const style = { style: "unit", unit, unitDisplay: "long" };
  return Math.round(seconds / length).toLocaleString(language(), style);
}

/** A moment that lies `seconds` ahead, or behind when negative, as "in 12 minutes", "2 days ago". */
export function fromNow(seconds) {
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  if (Math.abs(seconds) < 45) return format.format(0, "second");
  const [unit, length] = spanOf(Math.max(60, Math.abs(seconds)));
  return format.format(Math.round(seconds / length), unit);
}

/** POSIX seconds as "21 December" in the reader's way, with the year unless it is this one. */
export function day(seconds) {
  const date = new Date(seconds * 1000);
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString(language(), { day: "numeric", month: "long", year });
}
