/** Records the microphone as 16-bit mono WAV at 16 kHz, a format that all workers can read. */

const RATE = 16_000;
const HEAD = 44;
const LOUDEST = 32_767;

/**
 * Start recording: {seconds(), stop()}; stop() resolves with the file. Rethrows the browser's error, with the
 * microphone switched off.
 */
export async function startRecording({ onLevel }) {
  const context = new AudioContext();
  try {
    await context.audioWorklet.addModule(new URL("./recorder_worklet.js", import.meta.url));
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false } });
    return record(context, stream, onLevel);
  } catch (error) {
    await context.close();
    throw error;
  }
}

function record(context, stream, onLevel) {
  const pieces = [];
  const startedAt = Date.now();
  const tap = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  tap.port.addEventListener("message", ({ data }) => {
    pieces.push(data);
    onLevel(loudness(data));
  });
  tap.port.start();
  context.createMediaStreamSource(stream).connect(tap);

  async function stop() {
    stream.getTracks().forEach((track) => track.stop());
    await context.close();
    return wavFile(await resample(concatenate(pieces), context.sampleRate), RATE, recordingName());
  }

  return { stop, seconds: () => (Date.now() - startedAt) / 1000 };
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
