/** The files of a result: pictures, sound and video are shown, everything else is a download. */
import { h } from "../lib/dom.js";
import { kindOf } from "../files/file_rules.js";
import { fileIcon } from "../files/file_preview.js";
import { size } from "../lib/format.js";
import { loadStyle, loadWithRetry } from "../lib/lazy_part.js";
import { t } from "../lib/text.js";
import { visibleName } from "../lib/visible_name.js";

/**
 * Make the elements of some files; `onBroken()` is called if a link does not work, `inputs` are the files that were
 * sent, to compare a picture with.
 */
export function outputFiles(files, onBroken, inputs = []) {
  const list = h("ul", { class: "output-files" }, ...files.map((file) => item(file, onBroken)));
  list.addEventListener("click", ({ target }) => {
    const pressed = /** @type {Element} */ (target).closest(".picture-zoom");
    if (pressed) openPictures(list, pressed, inputs);
  });
  return list;
}

// The dialog reads the pictures when it opens: their links may have been renewed.
async function openPictures(list, pressed, inputs) {
  const [{ openPictureDialog }] = await Promise.all([loadWithRetry(() => import("./picture_dialog.js")), loadStyle("admin_dialog"), loadStyle("picture_dialog")]);
  const buttons = [...list.querySelectorAll(".picture-zoom")];
  const pictures = buttons.map((button) => button.querySelector("img")).map(({ src, alt }) => ({ src, alt }));
  const before = inputs.filter(({ content_type: type, url }) => kindOf(type) === "image" && isSafe(url ?? ""));
  openPictureDialog(pictures, buttons.indexOf(pressed), before.length === 1 ? before[0].url : null);
}

/** Give each element of `outputFiles` the new link of its file; a player that is playing keeps the old one. */
export function renewLinks(list, files) {
  files.forEach(({ url, download_url: saved }, index) => {
    const root = list.children[index];
    for (const link of root.querySelectorAll("a")) if (isSafe(saved)) link.href = saved;
    const shown = root.querySelector("img, audio, video");
    if (shown && isSafe(url) && isStale(shown)) renew(shown, url);
  });
}

// A paused player continues from the same position.
function renew(shown, url) {
  const { currentTime: at = 0 } = shown;
  if (at > 0) shown.addEventListener("loadedmetadata", () => (shown.currentTime = at), { once: true });
  shown.src = url;
}

const MOST_WAVEFORM_BYTES = 10_000_000; // the whole file is read for it

// Once the list is in the page. Without the module, the player is enough.
const addWaveformLater = (player) => import("./waveform.js").then(({ addWaveform }) => addWaveform(player), () => undefined);

const isStale = (shown) => shown.dataset.broken === "true" || (shown.paused ?? false);

function markBroken(shown, onBroken) {
  shown.dataset.broken = "true";
  onBroken();
}

function item(file, onBroken) {
  const { url, download_url: saved, inline, content_type: type } = file;
  const name = visibleName(file.name);
  const kind = kindOf(type);
  const shown = inline && isSafe(url) ? media(kind, { url, name }) : null;
  shown?.addEventListener("error", () => markBroken(shown, onBroken), { once: true });
  const isPicture = shown?.localName === "img";
  const href = isSafe(saved) ? saved : null;
  const link = h("a", { class: "output-file-link", href, download: name, rel: "noopener" }, h("span", { class: "output-file-name", dir: "auto" }, name));
  const row = h("div", { class: "output-file" }, fileIcon(kind), link, h("span", { class: "muted" }, size(file.size)));
  return h("li", { class: isPicture ? "is-picture" : null }, framed(shown, name, file.size), row);
}

// A picture opens large; a recording gets its waveform.
function framed(shown, name, bytes) {
  if (shown?.localName === "audio" && bytes <= MOST_WAVEFORM_BYTES) addWaveformLater(shown);
  if (shown?.localName !== "img") return shown;
  return h("button", { class: "picture-zoom", type: "button", "aria-label": t("files.enlarge", { name }) }, shown);
}

function media(kind, { url, name }) {
  if (kind === "image") return h("img", { class: "output-picture", src: url, alt: t("files.picture", { name }) });
  if (kind === "audio") return h("audio", { class: "output-sound", src: url, controls: "", preload: "metadata", "aria-label": name });
  if (kind === "video") return h("video", { class: "output-video", src: url, controls: "", preload: "metadata", playsinline: "", "aria-label": name });
  return null;
}

const isSafe = (url) => /^https?:\/\//i.test(url);
