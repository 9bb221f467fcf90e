/** Texts of the page by key, from the locale file. */
import en from "../locales/en.js";

const locale = "en";
const texts = en;
const plurals = new Intl.PluralRules(locale);

/** The language that numbers and times are written in. */
export function language() {
  return locale;
}

/** Return the text of a key with its `{names}` filled in; `count` chooses the plural. */
export function t(key, values = {}) {
  const entry = texts[key];
  if (entry === undefined) throw new Error(`No text for ${key}`);
  const text = typeof entry === "string" ? entry : entry[plurals.select(values.count)];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Whether the locale has a text for this key. */
export function hasText(key) {
  return Object.hasOwn(texts, key);
}

/** Put the locale's texts into the elements that name one in the HTML. */
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
}
