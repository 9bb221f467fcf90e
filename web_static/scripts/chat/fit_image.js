/** Makes an image small enough to travel in a call, as a data URL. */
// Pixels of the longer side, of which models see no more than the first, and the quality of a JPEG.
const SIZES = [[1568, 0.8], [1024, 0.8], [768, 0.8], [512, 0.75], [384, 0.7], [256, 0.6]];
const AS_IT_IS = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);

/** Read an image as a data URL of at most so many characters; null if it is no image, or cannot be made so small. */
export async function fitImage(file, most) {
  const whole = AS_IT_IS.has(file.type) && (file.size * 4) / 3 + 100 <= most ? await readUrl(file) : null;
  if (whole !== null && whole.length <= most && (await decode(file)) !== null) return whole;
  const image = await decode(file);
  if (image === null) return null;
  try {
    return SIZES.reduce((found, [side, quality]) => found ?? atMost(drawn(image, side, quality), most), /** @type {string | null} */ (null));
  } finally {
    image.close();
  }
}

const atMost = (url, most) => (url.length <= most ? url : null);

const decode = (file) => createImageBitmap(file).catch(() => null);

function drawn(image, side, quality) {
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "white"; // JPEG has no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", quality);
}

const readUrl = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(/** @type {string} */ (reader.result)));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("unreadable")));
    reader.readAsDataURL(file);
  });
