/** A text to copy, such as a command. */
import { copyButton } from "../../lib/copy_button.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/text.js";

/** Draw the text under its name, with a button that copies it. */
export function snippet(name, text) {
  const head = h("div", { class: "snippet-head" }, h("h4", {}, name), copyButton(() => text, t("admin.secret.copy", { name })));
  const code = h("pre", { class: "secret", tabindex: "0", "aria-label": name, role: "textbox", "aria-readonly": "true" }, h("code", {}, text));
  return h("div", { class: "snippet" }, head, code);
}
