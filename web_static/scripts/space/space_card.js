/** One space in the list. */
import { addressOf } from "../lib/page_address.js";
import { h, setAttribute, setText, show } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { pattern } from "./cover_pattern.js";
import { queueWords, seenWords, stateBadge, waitWords } from "../describe/describe_space.js";
import { hasText, t } from "../lib/text.js";

/** Make a card; `update(space)` may be called as often as one likes. */
export function mountSpaceCard(name) {
  const link = h("a", { href: addressOf(name), dir: "auto" });
  const line = h("p", { class: "space-card-line", dir: "auto" });
  const badge = h("span", { class: "badge" });
  const facts = ["queue", "wait", "seen"].map(() => h("span", { class: "quiet" }));
  const features = h("ul", { class: "features", "aria-label": t("space.takes") });
  const state = h("p", { class: "space-card-state" }, badge, ...facts);
  const body = h("div", { class: "space-card-body" }, h("h2", {}, link), line, state, features);
  const cover = mountCover(name);
  const root = h("li", { class: "space-card" }, cover.root, body);

  function update(space) {
    setText(link, space.title || space.space);
    cover.update(space.cover_url ?? null);
    setText(line, space.description);
    updateBadge(badge, stateBadge(space));
    const words = [queueWords(space), waitWords(space), seenWords(space)];
    words.forEach((text, index) => showWords(facts[index], text));
    updateFeatures(features, space.features);
  }

  return { root, update };
}

function updateBadge(badge, { tone, icon: name, word }) {
  if (badge.textContent === word) return;
  setAttribute(badge, "data-tone", tone);
  badge.replaceChildren(icon(name), word);
}

function showWords(element, text) {
  show(element, text !== null);
  setText(element, text ?? "");
}

function updateFeatures(list, features) {
  const words = features.map((name) => (hasText(`space.feature.${name}`) ? t(`space.feature.${name}`) : name));
  if (list.dataset.shown === words.join()) return;
  list.dataset.shown = words.join();
  list.replaceChildren(...words.map((word) => h("li", { class: "feature" }, word)));
}

/** Mount the picture; `update(url)` changes it only when another cover is meant. */
function mountCover(name) {
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
