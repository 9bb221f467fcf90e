/** A space's picture: its cover, or the pattern of its name where it has none or it does not load. */
import { h } from "../lib/dom.js";
import { pattern } from "./cover_pattern.js";

/** Mount the picture; `update(url)` changes it only when another cover is meant. */
export function mountCover(name) {
  const root = h("div", { class: "cover" }, pattern(name));
  let shown = null;

  function update(url) {
    const cover = url?.split("?")[0] ?? null; // the rest is a signature that changes with each answer
    if (cover === shown) return;
    shown = cover;
    const picture = isSafe(url) ? h("img", { class: "cover-picture", src: url, alt: "" }) : pattern(name);
    picture.addEventListener("error", () => picture.replaceWith(pattern(name)), { once: true });
    root.replaceChildren(picture);
  }

  return { root, update };
}

const isSafe = (url) => /^https?:\/\//i.test(url ?? "");
