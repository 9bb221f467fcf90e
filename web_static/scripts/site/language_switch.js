/** The language switch in the page's header. */
import { h } from "../lib/dom.js";
import { language } from "../lib/text.js";

const NAMES = { en: { tag: "en", name: "English" }, zh: { tag: "zh-Hans", name: "中文" } };

/** Mount the switch: a button named in the other language, which reloads the page. */
export function mountLanguageSwitch(root) {
  const other = language() === "en" ? "zh" : "en";
  const { tag, name } = NAMES[other];
  const button = h("button", { class: "button is-small is-bare", type: "button", lang: tag }, name);
  button.addEventListener("click", () => reloadIn(remember(other) ? null : other));
  root.append(button);
}

// The address takes precedence over the stored choice, so it has to change.
function reloadIn(addressed) {
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
    return false; // storage is forbidden: put the language into the address
  }
}
