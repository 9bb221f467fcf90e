/** The waveform of a recording above its player: shows where one is, and seeks. The player says the same in words. */
import { h } from "../lib/dom.js";

const BARS = 160;
const HEIGHT = 48;
const RATE = 8000; // Hz; enough to see loud and quiet

/** Put the waveform of a player before it; a file that cannot be read or decoded has none. */
export async function addWaveform(player) {
  const peaks = await peaksOf(player.src);
  if (peaks === null || !player.isConnected) return;
  const canvas = h("canvas", { class: "waveform", width: BARS * 4, height: HEIGHT * 2, "aria-hidden": "true" });
  const draw = () => drawPeaks(canvas, peaks, player.duration > 0 ? player.currentTime / player.duration : 0);
  canvas.addEventListener("click", ({ offsetX }) => {
    if (player.duration > 0) player.currentTime = (offsetX / canvas.clientWidth) * player.duration;
  });
  for (const event of ["timeupdate", "seeked"]) player.addEventListener(event, draw);
  player.before(canvas);
  draw();
}

async function peaksOf(url) {
  try {
    const answer = await fetch(url, { cache: "no-store" }); // what the player left in the cache lacks CORS headers
    if (!answer.ok) return null;
    const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await answer.arrayBuffer());
    return loudest(sound.getChannelData(0));
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return null; // no network, or no sound
    throw error;
  }
}

function loudest(samples) {
  const each = Math.max(1, Math.floor(samples.length / BARS));
  const peaks = Array.from({ length: BARS }, (_, bar) => samples.subarray(bar * each, (bar + 1) * each).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
  const most = Math.max(...peaks, 0.01);
  return peaks.map((peak) => peak / most);
}

function drawPeaks(canvas, peaks, share) {
  const paint = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const { color, borderTopColor } = getComputedStyle(canvas);
  paint.clearRect(0, 0, canvas.width, canvas.height);
  peaks.forEach((peak, bar) => {
    const height = Math.max(2, peak * canvas.height);
    paint.fillStyle = bar / BARS < share ? color : borderTopColor;
    paint.fillRect(bar * 4, (canvas.height - height) / 2, 3, height);
  });
}
