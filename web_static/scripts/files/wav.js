/** Sound samples as a WAV file. Pure. Form: RIFF WAVE, PCM of 16 bits, one channel. */
const HEAD = 44;
const LOUDEST = 32_767;

/** Make a file of samples between -1 and 1. */
export function wavFile(samples, rate, name) {
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
  view.setUint32(16, 16, true); // bytes of the format that follow
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true); // bytes a second
  view.setUint16(32, 2, true); // bytes a sample
  view.setUint16(34, 16, true); // bits a sample
  text(36, "data");
  view.setUint32(40, bytes, true);
}
