/** The record button: press to start, press again to stop; a recording is then a file like any other. */
import { announce } from "../lib/announce.js";
import { part, setAttribute, setText, show } from "../lib/dom.js";
import { roughDuration } from "../lib/format.js";
import { t } from "../lib/text.js";

const BYTES_PER_SECOND = 32_000; // 16,000 samples of 16 bits
const LONGEST_SECONDS = 600;
const LONGEST_IDLE_SECONDS = 3;
const TICK_MS = 200;
const PROBLEMS = {
  NotAllowedError: "files.microphone_denied",
  SecurityError: "files.microphone_denied",
  NotFoundError: "files.microphone_missing",
  OverconstrainedError: "files.microphone_missing",
  NotReadableError: "files.microphone_taken",
  AbortError: "files.microphone_taken",
  TypeError: "files.recorder_failed", // a part of the recorder could not be loaded
  InvalidStateError: "files.recorder_suspended",
};

/** Mount the button; `onRecorded(file)` gets the recording, `onProblem(words)` the reason why there is none. */
export function mountRecordButton(root, { onRecorded, onProblem }) {
  const button = part(root, "record-button");
  const words = part(root, "record-words");
  const level = part(root, "record-level");
  /** @type {Json | null} */
  let recording = null;
  /** @type {Promise<void> | null} */
  let ending = null;
  let limit = LONGEST_SECONDS;

  /** @returns {Promise<void>} */
  async function start() {
    setAttribute(button, "aria-disabled", "true");
    try {
      const { startRecording } = await import("./recorder.js");
      const onLevel = (share) => level.style.setProperty("--level", share);
      const begun = await startRecording({ onLevel, onLost: interrupt });
      recording = { ...begun, timer: setInterval(tick, TICK_MS) };
      announce(t("files.recording_started"));
    } catch (error) {
      onProblem(t(PROBLEMS[/** @type {Error} */ (error).name] ?? "files.recorder_unsupported"));
    }
    setAttribute(button, "aria-disabled", null);
    draw();
  }

  const stop = () => (ending ??= finish().finally(() => (ending = null)));

  async function finish() {
    const ended = /** @type {Json} */ (recording);
    recording = null;
    clearInterval(ended.timer);
    draw();
    try {
      onRecorded(await ended.stop());
      announce(t("files.recorded"));
    } catch (error) {
      onProblem(t(/** @type {Error} */ (error).name === "SilentRecording" ? "files.recording_silent" : "files.recording_lost"));
    }
  }

  // Whatever was recorded until then is kept.
  async function interrupt() {
    if (!recording) return;
    const duration = roughDuration(recording.seconds());
    const isEmpty = recording.seconds() === 0;
    await stop();
    if (!isEmpty) onProblem(t("files.recording_interrupted", { duration }));
  }

  function tick() {
    draw();
    if (recording && recording.seconds() >= limit) stop();
    if (recording && recording.idleSeconds() >= LONGEST_IDLE_SECONDS) interrupt();
  }

  function draw() {
    setAttribute(root, "data-recording", recording !== null);
    setText(words, recording ? t("files.stop", { duration: roughDuration(recording.seconds()) }) : t("files.record"));
    show(level, recording !== null);
  }

  button.addEventListener("click", () => button.ariaDisabled === "true" || ending || (recording ? stop() : start()));
  draw();
  return {
    isRecording: () => recording !== null || ending !== null,
    /** End the recording; resolves after `onRecorded` or `onProblem` was called. */
    end: () => (recording ? stop() : ending),
    update({ possible, longestBytes }) {
      limit = Math.min(LONGEST_SECONDS, longestBytes / BYTES_PER_SECOND - 1);
      show(root, possible && Boolean(navigator.mediaDevices?.getUserMedia) && "AudioWorkletNode" in window);
    },
  };
}
