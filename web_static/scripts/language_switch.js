/** The switch between languages, in the page's head. */
import { h } from "./dom.js";
import { language } from "./text.js";

const NAMES = { en: { tag: "en", name: "English" }, zh: { tag: "zh-Hans", name: "中文" } };

/** Mount the switch: a button in the other language's own words; the page is then drawn anew. */
export function mountLanguageSwitch(root) {
  const other = language() === "en" ? "zh" : "en";
  const { tag, name } = NAMES[other];
  const button = h("button", { class: "button is-small is-bare", type: "button", lang: tag }, name);
  button.addEventListener("click", () => (remember(other), location.reload()));
  root.append(button);
}

function remember(choice) {
  try {
    localStorage.setItem("spaces.language", choice);
  } catch {
    return; // storage is forbidden: the choice cannot be kept
  }
}
