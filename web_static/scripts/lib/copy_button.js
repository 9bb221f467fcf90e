/** A button that copies a text and confirms it. */
import { announce } from "./announce.js";
import { copyText } from "./copy_text.js";
import { h, setText } from "./dom.js";
import { t } from "./text.js";

const SHOWN_MS = 2000;

/** Make the button; `read()` gives the text. Null if the browser does not let pages write to the clipboard. */
export function copyButton(read, label = t("copy.copy")) {
  if (!navigator.clipboard) return null;
  const button = h("button", { class: "button is-small", type: "button", "aria-label": label }, t("copy.copy"));
  button.addEventListener("click", () => copy(button, read()));
  return button;
}

async function copy(button, text) {
  const key = await copyText(text);
  setText(button, t(key));
  announce(t(key));
  setTimeout(() => setText(button, t("copy.copy")), SHOWN_MS);
}
