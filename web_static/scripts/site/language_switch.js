/** The switch between languages, in the page's head. */
import { h } from "../lib/dom.js";
import { language } from "../lib/text.js";

const NAMES = { en: { tag: "en", name: "English" }, zh: { tag: "zh-Hans", name: "中文" } };

/** Mount the switch: a button in the other language's own words; the page is then drawn anew. */
export function mountLanguageSwitch(root) {
  const other = language() === "en" ? "zh" : "en";
  const { tag, name } = NAMES[other];
  const button = h("button", { class: "button is-small is-bare", type: "button", lang: tag }, name);
  button.addEventListener("click", () => drawAnew(remember(other) ? null : other));
  root.append(button);
}

// What the address says counts more than what is remembered: it may not stay as it was.
function drawAnew(addressed) {
  const address = new URL(location.href);
  address.searchParams.delete("lang");
  if (addressed) address.searchParams.set("lang", addressed);
  if (address.href === location.href) location.reload();
  else location.replace(address);
}

function remember(choice) {
  try {
    localStorage.setItem("spaces.language", choice);
    return true;
  } catch {
    return false; // storage is forbidden: the address tells it
  }
}
