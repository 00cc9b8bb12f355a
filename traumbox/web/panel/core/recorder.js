// A few seconds from the microphone; browsers have one only in a secure context.

const LONGEST_S = 10;

/** "recorder", or "capture" where the device's own recorder must do, or "" where there is none. */
export function recordingWay() {
  if (navigator.mediaDevices?.getUserMedia && window.MediaRecorder) return "recorder";
  return matchMedia("(pointer: coarse)").matches ? "capture" : "";
}

/**
 * Begin to record; ends by itself after ten seconds. Returns { stop, cancel, sound }: `sound` is
 * the promise of a Blob, or of null when it was cancelled. Rejected when there is no microphone or
 * it isn't allowed. `passed(seconds)` is called as time goes by.
 */
export async function record(passed) {
  // As it is: what makes speech clear takes music for noise.
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: plain });
  const recorder = new MediaRecorder(stream);
  const parts = [];
  let isWanted = true;
  const sound = new Promise((resolve) => {
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => {
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
      resolve(isWanted ? new Blob(parts, { type: recorder.mimeType }) : null);
    };
  });
  const beganMs = performance.now();
  const stop = () => recorder.state !== "inactive" && recorder.stop();
  const timer = setInterval(() => {
    const seconds = (performance.now() - beganMs) / 1000;
    passed(Math.min(LONGEST_S, seconds));
    if (seconds >= LONGEST_S) stop();
  }, 100);
  recorder.start();
  return {
    sound,
    stop,
    cancel: () => {
      isWanted = false;
      stop();
    },
  };
}
