// A word about what was done, wherever on the page it was asked for.

import { reactive } from "vue";

const SHOWN_MS = 5000;

export const toast = reactive({ text: "" });

let timer = 0;

export function tell(text) {
  toast.text = text;
  clearTimeout(timer);
  timer = setTimeout(() => (toast.text = ""), SHOWN_MS);
}
