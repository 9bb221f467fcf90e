/** One space in the list of spaces. */
import { spaceAddress } from "../lib/page_address.js";
import { h, setAttribute, setText, show } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { pattern } from "./cover_pattern.js";
import { queueWords, lastSeenWords, stateBadge, waitWords } from "../describe/describe_space.js";
import { hasText, t } from "../lib/text.js";

const ICONS = { prompt: "prompt", call: "chat", image: "picture", audio: "sound", video: "film", file: "sheet" };

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
    factsOf(space).forEach((text, index) => showWords(facts[index], text));
    updateFeatures(features, space.features);
  }

  return { root, update };
}

// No queue and no wait are no news.
function factsOf(space) {
  if (space.disabled) return [null, null, null];
  const waits = space.queue_length > 0 || space.eta_seconds >= 1;
  return [...(waits ? [queueWords(space), waitWords(space)] : [null, null]), lastSeenWords(space)];
}

/** What a space takes, in words. */
export const featureWords = (space) => space.features.map(featureWord).join(" ");

const featureWord = (name) => (hasText(`space.feature.${name}`) ? t(`space.feature.${name}`) : name);

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
  if (list.dataset.shown === features.join()) return;
  list.dataset.shown = features.join();
  list.replaceChildren(...features.map(featureItem));
}

function featureItem(name) {
  const word = featureWord(name);
  return h("li", { class: "feature", title: word }, icon(ICONS[name] ?? "sheet"), h("span", { class: "visually-hidden" }, word));
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
