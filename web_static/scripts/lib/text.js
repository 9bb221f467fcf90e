/** Texts of the page by key, in the chosen language, from the areas that <html data-texts> names. */
import { persist } from "./lazy_part.js";

const { language: chosen = "en", texts: areas = "" } = document.documentElement.dataset;
const texts = Object.assign({}, ...(await Promise.all(areas.split(" ").map(read))));
const TURNS = /[\u202A-\u202E\u2066-\u2069]/g; // a stranger's word must not turn the sentence around it
const plurals = new Intl.PluralRules(chosen);

async function read(area) {
  const module = await persist(() => import(`../../locales/${chosen}/${area}.js`));
  return module.default;
}

/** The language that texts, numbers and times are written in: "en" or "zh". */
export function language() {
  return chosen;
}

/** Return the text of a key with its `{names}` filled in; `count` chooses the plural. */
export function t(key, values = {}) {
  const entry = texts[key];
  if (entry === undefined) throw new Error(`No text for ${key}`);
  const text = typeof entry === "string" ? entry : entry[plurals.select(values.count)];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]).replace(TURNS, ""));
}

/** Whether the locale has a text for this key. */
export function hasText(key) {
  return Object.hasOwn(texts, key);
}

/** Put the locale's texts into the elements that name one in the HTML, and let them be seen. */
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
