/** One space in the list of spaces. */
import { spaceAddress } from "../lib/page_address.js";
import { h, setAttribute, setText, show } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { pattern } from "./cover_pattern.js";
import { queueWords, lastSeenWords, stateBadge, waitWords } from "../describe/describe_space.js";
import { hasText, t } from "../lib/text.js";

/** Make a card; `update(space)` may be called any number of times. */
export function mountSpaceCard(name) {
  const link = h("a", { href: spaceAddress(name), dir: "auto" });
  const line = h("p", { class: "space-card-line", dir: "auto" });
  const badge = h("span", { class: "badge" });
  const facts = ["queue", "wait", "seen"].map(() => h("span", { class: "muted" }));
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
    const words = space.disabled ? [null, null, null] : [queueWords(space), waitWords(space), lastSeenWords(space)];
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

/** Mount the cover, or the pattern of the space's name; `update(url)` changes it only if the cover changed. */
function mountCover(name) {
  const root = h("div", { class: "cover" }, pattern(name));
  let shown = null;

  function update(url) {
    const cover = url?.split("?")[0] ?? null; // the rest is a signature that differs in every response
    if (cover === shown) return;
    shown = cover;
    const picture = isSafe(url) ? h("img", { class: "cover-picture", src: url, alt: "" }) : pattern(name);
    picture.addEventListener("error", () => picture.replaceWith(pattern(name)), { once: true });
    root.replaceChildren(picture);
  }

  return { root, update };
}

const isSafe = (url) => /^https?:\/\//i.test(url ?? "");
