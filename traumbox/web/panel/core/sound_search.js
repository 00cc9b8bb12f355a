// Search by a sound that isn't in the library: sent to the service, which hears it and forgets it.

import { reactive } from "vue";
import { navigate, soundPath, url } from "./urls.js";

const MAX_BYTES = 200_000_000;
const KEPT = 5;

/**
 * `state` is "" (nothing under way), "sending" or "hearing"; `share` of the file that is sent (0-1);
 * `problem` why it failed: "too_large", "connection", "failed", or `reason` in the service's words.
 * `answers` are the latest by the sound's name: the browser alone holds them.
 */
export const soundSearch = reactive({
  open: false,
  state: "",
  name: "",
  share: 0,
  problem: "",
  reason: "",
  answers: new Map(),
});

let request = null;

function hold(name, answer) {
  soundSearch.answers.delete(name);
  soundSearch.answers.set(name, answer);
  const [oldest] = soundSearch.answers.keys();
  if (soundSearch.answers.size > KEPT) soundSearch.answers.delete(oldest);
}

function fail(problem, reason = "") {
  Object.assign(soundSearch, { state: "", problem, reason, open: true });
}

function reasonIn(body) {
  const { detail, remedy } = body ?? {};
  return [detail, remedy].filter(Boolean).join(" ");
}

function finish(sent, name) {
  if (sent !== request) return; // given up
  request = null;
  if (sent.status === 200 && sent.response) {
    hold(name, sent.response);
    Object.assign(soundSearch, { state: "", open: false });
    navigate(soundPath(name));
  } else {
    fail("failed", reasonIn(sent.response));
  }
}

/** Send a File or Blob and show what sounds like it; another one under way is given up. */
export function searchSound(sound, name) {
  giveUp();
  Object.assign(soundSearch, { name, share: 0, problem: "", reason: "", open: true });
  if (sound.size > MAX_BYTES) {
    fail("too_large");
    return;
  }
  const sent = new XMLHttpRequest(); // fetch tells nothing about how much is sent
  request = sent;
  soundSearch.state = "sending";
  sent.open("POST", url("/api/v1/search/sound"));
  sent.setRequestHeader("Content-Type", sound.type || "application/octet-stream");
  sent.responseType = "json";
  sent.upload.onprogress = ({ loaded, total }) => {
    if (sent === request) soundSearch.share = total ? loaded / total : 0;
  };
  sent.upload.onload = () => {
    if (sent === request) soundSearch.state = "hearing";
  };
  sent.onload = () => finish(sent, name);
  sent.onerror = () => {
    if (sent === request) fail("connection");
  };
  sent.send(sound);
}

/** Stop what is under way. */
export function giveUp() {
  const sent = request;
  request = null;
  sent?.abort();
  soundSearch.state = "";
}

const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

/** Search by a file that is dropped anywhere on the page; `over(isOver)` while one is held above. */
export function onDropped(over) {
  const drag = (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault(); // or the browser leaves the page to open the file
    event.dataTransfer.dropEffect = "copy";
    over(true);
  };
  const leave = (event) => {
    if (!event.relatedTarget) over(false);
  };
  const drop = (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    over(false);
    const [file] = event.dataTransfer.files;
    if (file) searchSound(file, file.name);
  };
  const heard = { dragenter: drag, dragover: drag, dragleave: leave, drop };
  for (const [name, listener] of Object.entries(heard)) addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(heard)) removeEventListener(name, listener);
  };
}
