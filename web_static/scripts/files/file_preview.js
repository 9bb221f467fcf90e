/** The preview of a file in a list: a picture, a player, or an icon. */
import { h } from "../lib/dom.js";
import { kindOf } from "./file_rules.js";
import { usualName } from "./media_types.js";
import { icon } from "../lib/icons.js";

const ICONS = { image: "picture", audio: "sound", video: "film", file: "sheet" };
const SHOWN = new Set(["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"]);

/** Make the preview of a chosen file, and a function that releases its memory. */
export function filePreview({ file, type }) {
  const kind = kindOf(type);
  if (file === null || !(SHOWN.has(usualName(type)) || kind === "audio" || kind === "video")) return { element: fileIcon(kind), free: () => undefined };
  const url = URL.createObjectURL(file);
  const element = kind === "image" ? h("img", { class: "file-picture", alt: "", draggable: "false" }) : player(kind);
  element.addEventListener("error", () => element.replaceWith(fileIcon(kind)), { once: true });
  element.src = url;
  return { element, free: () => URL.revokeObjectURL(url) };
}

/** The icon for a kind of file. */
export const fileIcon = (kind) => h("span", { class: "file-icon" }, icon(ICONS[kind]));

function player(kind) {
  return h(kind, { class: `file-${kind}`, controls: "", preload: "metadata", playsinline: "" });
}
