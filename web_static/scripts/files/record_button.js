/** The button that records sound: press to start, press to stop; the recording is then like any file. */
import { announce } from "../lib/announce.js";
import { part, setAttribute, setText, show } from "../lib/dom.js";
import { roughDuration } from "../lib/format.js";
import { t } from "../lib/text.js";

const BYTES_PER_SECOND = 32_000; // 16,000 samples of 16 bits
const LONGEST_SECONDS = 600;
const TICK_MS = 200;
const PROBLEMS = {
  NotAllowedError: "files.microphone_denied",
  SecurityError: "files.microphone_denied",
  NotFoundError: "files.microphone_missing",
  OverconstrainedError: "files.microphone_missing",
  NotReadableError: "files.microphone_taken",
};

/** Mount it; `onRecorded(file)` hears a recording, `onProblem(words)` why there is none. */
export function mountRecorder(root, { onRecorded, onProblem }) {
  const button = part(root, "record-button");
  const level = part(root, "record-level");
  let recording = null;
  let ending = null;
  let limit = LONGEST_SECONDS;

  async function start() {
    setAttribute(button, "aria-disabled", "true");
    try {
      const { startRecording } = await import("./recorder.js");
      recording = await startRecording({ onLevel: (share) => level.style.setProperty("--level", share) });
      recording.timer = setInterval(tick, TICK_MS);
      announce(t("files.recording_started"));
    } catch (error) {
      onProblem(t(PROBLEMS[error.name] ?? "files.recorder_failed")); // also where the network is gone
    }
    setAttribute(button, "aria-disabled", null);
    draw();
  }

  const stop = () => (ending ??= finish().finally(() => (ending = null)));

  async function finish() {
    const ended = recording;
    recording = null;
    clearInterval(ended.timer);
    draw();
    try {
      onRecorded(await ended.stop());
      announce(t("files.recorded"));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      onProblem(t("files.recording_lost"));
    }
  }

  function tick() {
    draw();
    if (recording && recording.seconds() >= limit) stop();
  }

  function draw() {
    setAttribute(root, "data-recording", recording !== null);
    setText(button.lastElementChild, recording ? t("files.stop", { duration: roughDuration(recording.seconds()) }) : t("files.record"));
    show(level, recording !== null);
  }

  button.addEventListener("click", () => button.ariaDisabled === "true" || ending || (recording ? stop() : start()));
  draw();
  return {
    isRecording: () => recording !== null || ending !== null,
    /** End a recording; fulfilled when `onRecorded` has heard it, or `onProblem`. */
    end: () => (recording ? stop() : ending),
    update({ possible, longestBytes }) {
      limit = Math.min(LONGEST_SECONDS, longestBytes / BYTES_PER_SECOND - 1);
      show(root, possible && Boolean(navigator.mediaDevices?.getUserMedia) && "AudioWorkletNode" in window);
    },
  };
}
