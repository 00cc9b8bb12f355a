// What was asked for in this browser; it stays here, and can be forgotten.

import { reactive } from "vue";
import { recall, remember } from "./storage.js";

const STORAGE_KEY = "traumbox.history";
const KEPT = 30;

function read() {
  const kept = recall(STORAGE_KEY, []);
  return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, KEPT) : [];
}

export const history = reactive({ asked: read() });

/** Note a sentence, the latest first. Where the browser keeps nothing, neither do we. */
export function note(sentence) {
  const text = sentence.trim();
  if (!text) return;
  const asked = [text, ...history.asked.filter((one) => one !== text)].slice(0, KEPT);
  if (remember(STORAGE_KEY, asked)) history.asked = asked;
}

export function forgetHistory() {
  remember(STORAGE_KEY, null);
  history.asked = [];
}

/** Earlier sentences that begin with what is typed, or hold a word that does. */
export function recalled(typed, most) {
  const begun = typed.trim().toLowerCase();
  const matches = (sentence) => {
    const lower = sentence.toLowerCase();
    return lower !== begun && (lower.startsWith(begun) || lower.includes(` ${begun}`));
  };
  return history.asked.filter(matches).slice(0, most);
}
