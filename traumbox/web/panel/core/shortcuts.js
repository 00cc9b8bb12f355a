// Single-key shortcuts, which can be switched off (WCAG 2.1.4) and rest while something has focus.

import { reactive } from "vue";
import { recall, remember } from "./storage.js";

const STORAGE_KEY = "traumbox.shortcuts";

export const shortcuts = reactive({ enabled: recall(STORAGE_KEY) !== false });

export function enableShortcuts(enabled) {
  shortcuts.enabled = enabled;
  remember(STORAGE_KEY, enabled);
}

// Letters typed into a field are text, and Space presses the focused button.
function isTakenBy(element, key) {
  if (element.isContentEditable || document.querySelector("dialog:modal")) return true;
  if (element.matches("input:not([type=range]), textarea, select")) return true;
  return key === " " && element.closest("button, a, input, [role=menuitem]") !== null;
}

/** Bind keys to actions; returns the function that releases them. */
export function bindShortcuts(actions) {
  const listener = (event) => {
    if (!shortcuts.enabled || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions[event.key];
    if (!action || isTakenBy(event.target, event.key)) return;
    event.preventDefault();
    action();
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}
