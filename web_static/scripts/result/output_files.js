/** The files of a result: pictures, sound and video are shown, everything else is a download. */
import { h } from "../lib/dom.js";
import { kindOf, visibleName } from "../files/file_rules.js";
import { fileIcon } from "../files/file_preview.js";
import { size } from "../lib/format.js";
import { t } from "../lib/text.js";

/** Make the elements of some files; `onBroken()` is called if a link does not work. */
export function outputFiles(files, onBroken) {
  return h("ul", { class: "output-files" }, ...files.map((file) => item(file, onBroken)));
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
  const href = isSafe(saved) ? saved : null;
  const link = h("a", { class: "output-file-link", href, download: name, rel: "noopener" }, h("span", { class: "output-file-name", dir: "auto" }, name));
  const row = h("div", { class: "output-file" }, fileIcon(kind), link, h("span", { class: "muted" }, size(file.size)));
  return h("li", {}, shown, row);
}

function media(kind, { url, name }) {
  if (kind === "image") return h("img", { class: "output-picture", src: url, alt: t("files.picture", { name }) });
  if (kind === "audio") return h("audio", { class: "output-sound", src: url, controls: "", preload: "metadata", "aria-label": name });
  if (kind === "video") return h("video", { class: "output-video", src: url, controls: "", preload: "metadata", playsinline: "", "aria-label": name });
  return null;
}

const isSafe = (url) => /^https?:\/\//i.test(url);
