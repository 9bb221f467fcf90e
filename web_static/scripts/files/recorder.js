/** Records the microphone as 16-bit mono WAV at 16 kHz, a format that all workers can read. */

const RATE = 16_000;
const HEAD = 44;
const LOUDEST = 32_767;
const RESUME_MS = 2000;
const LAST_MS = 500;
const SILENT_SECONDS = 0.5; // shorter recordings may begin before the first sound

/** The microphone gave no sound at all: it is muted, or the browser stopped the recording. */
export class SilentRecording extends Error {
  name = "SilentRecording";
}

/**
 * Start recording: {seconds(), idleSeconds(), stop()}. `seconds` is the length so far, `idleSeconds` how long nothing
 * was added; stop() resolves with the file, or throws a SilentRecording. `onLost()` is called if the microphone
 * goes. Rethrows the browser's error, with the microphone switched off: a TypeError if a part could not be loaded, an
 * InvalidStateError if the browser keeps the recording suspended.
 */
export async function startRecording({ onLevel, onLost }) {
  const context = new AudioContext();
  /** @type {MediaStream | null} */
  let stream = null;
  try {
    await context.audioWorklet.addModule(new URL("./recorder_worklet.js", import.meta.url)).catch(throwTypeError);
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false } });
    await resume(context);
    for (const track of stream.getTracks()) track.addEventListener("ended", onLost);
    return record(context, stream, onLevel);
  } catch (error) {
    endTracks(stream);
    await context.close();
    throw error;
  }
}

function throwTypeError(error) {
  throw new TypeError(String(error));
}

const endTracks = (stream) => stream?.getTracks().forEach((track) => track.stop());

const pause = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));

const isSilent = (samples, rate) => samples.length === 0 || (samples.length > SILENT_SECONDS * rate && samples.every((sample) => sample === 0));

const isRunning = (context) => context.state === "running";

// Browsers suspend a context that was not made by a press, or while a phone call lasts.
async function resume(context) {
  if (!isRunning(context)) await Promise.race([context.resume(), pause(RESUME_MS)]);
  if (!isRunning(context)) throw new DOMException("The audio context stays suspended.", "InvalidStateError");
}

function record(context, stream, onLevel) {
  const pieces = [];
  let heard = 0; // samples
  let heardAt = Date.now();
  const last = Promise.withResolvers();
  const tap = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  tap.port.addEventListener("message", ({ data }) => {
    if (data === null) {
      last.resolve(undefined);
      return;
    }
    pieces.push(data);
    heard += data.length;
    heardAt = Date.now();
    onLevel(loudness(data));
  });
  tap.port.start();
  context.createMediaStreamSource(stream).connect(tap);

  async function stop() {
    tap.port.postMessage("last");
    await Promise.race([last.promise, pause(LAST_MS)]);
    endTracks(stream);
    await context.close();
    const samples = concatenate(pieces);
    if (isSilent(samples, context.sampleRate)) throw new SilentRecording();
    return wavFile(await resample(samples, context.sampleRate), RATE, recordingName());
  }

  return { stop, seconds: () => heard / context.sampleRate, idleSeconds: () => (Date.now() - heardAt) / 1000 };
}

function concatenate(pieces) {
  const samples = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return samples;
}

// The browser's resampler removes frequencies that would alias.
async function resample(samples, rate) {
  if (rate === RATE || samples.length === 0) return samples;
  const offline = new OfflineAudioContext(1, Math.ceil((samples.length * RATE) / rate), RATE);
  const source = offline.createBufferSource();
  source.buffer = offline.createBuffer(1, samples.length, rate);
  source.buffer.copyToChannel(samples, 0);
  source.connect(offline.destination);
  source.start();
  return (await offline.startRendering()).getChannelData(0);
}

const loudness = (samples) => Math.min(1, Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length) * 6);

const recordingName = () => `recording-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.wav`;

/** Make a WAV file of samples between -1 and 1. */
function wavFile(samples, rate, name) {
  const view = new DataView(new ArrayBuffer(HEAD + samples.length * 2));
  writeHead(view, rate, samples.length * 2);
  samples.forEach((sample, index) => view.setInt16(HEAD + index * 2, Math.max(-1, Math.min(1, sample)) * LOUDEST, true));
  return new File([view], name, { type: "audio/wav" });
}

function writeHead(view, rate, bytes) {
  const text = (at, word) => Array.from(word).forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, HEAD - 8 + bytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // length of the format block
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true); // bytes per second
  view.setUint16(32, 2, true); // bytes per sample
  view.setUint16(34, 16, true); // bits per sample
  text(36, "data");
  view.setUint32(40, bytes, true);
}
