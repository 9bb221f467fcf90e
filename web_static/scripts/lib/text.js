/** The page's texts by key, in the chosen language, from the areas that <html data-texts> names. */
import { loadWithRetry } from "./lazy_part.js";

const { language: chosen = "en", texts: areas = "" } = document.documentElement.dataset;
const texts = Object.assign({}, ...(await Promise.all(areas.split(" ").map(read))));
const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/g; // user-supplied text must not change the direction of the surrounding sentence
const plurals = new Intl.PluralRules(chosen);

async function read(area) {
  const module = await loadWithRetry(() => import(`../../locales/${chosen}/${area}.js`));
  return module.default;
}

/** Load the texts of an area that a part of the page needs later. */
export async function loadTexts(area) {
  Object.assign(texts, await read(area));
}

/** The language of texts, numbers and times: "en" or "zh". */
export function language() {
  return chosen;
}

/** The text of a key with its `{names}` filled in; `count` selects the plural form. */
export function t(key, values = {}) {
  const entry = texts[key];
  if (entry === undefined) throw new Error(`No text for ${key}`);
  const text = typeof entry === "string" ? entry : entry[plurals.select(values.count)];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]).replace(BIDI_CONTROLS, ""));
}

/** Whether the locale has a text for this key. */
export function hasText(key) {
  return Object.hasOwn(texts, key);
}

/** Fill in the texts that the HTML names by key, and make them visible. */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-text]")) {
    const text = t(element.dataset.text);
    if (element.textContent !== text) element.textContent = text;
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) {
    element.setAttribute("placeholder", t(element.dataset.placeholder));
  }
  delete document.documentElement.dataset.language;
}
