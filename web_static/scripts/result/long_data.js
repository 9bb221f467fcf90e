/** Data as JSON, however large: only lines in view are laid out, and very long data is folded. */
import { copyButton } from "../lib/copy_button.js";
import { h, show } from "../lib/dom.js";
import { stringifyExact } from "../lib/exact_json.js";
import { size, utf8Bytes } from "../lib/format.js";
import { formatJson } from "./format_json.js";
import { t } from "../lib/text.js";

const FOLDED = 200_000; // characters
const LINES_IN_BLOCK = 200;

/** Make the elements for a value: {root, copy}. */
export function longData(data) {
  const start = formatJson(data, FOLDED);
  const isFolded = start.length > FOLDED;
  const code = h("code", {}, ...blocksOf(isFolded ? untilLineEnd(start.slice(0, FOLDED)) : start));
  const body = h("pre", { class: "result-data", tabindex: "0" }, code);
  const root = h("div", { class: "long-text" }, body, isFolded ? unfoldButton(data, body, code) : null);
  return { root, copy: copyButton(() => formatJson(data), t("code.copy_named", { name: t("result.data") })) };
}

function unfoldButton(data, body, code) {
  const words = t("result.show_all", { size: size(utf8Bytes(stringifyExact(data))) });
  const button = h("button", { class: "button is-small", type: "button" }, words);
  button.addEventListener("click", () => {
    code.replaceChildren(...blocksOf(formatJson(data)));
    body.focus();
    show(button, false);
  });
  return button;
}

// A very long line is cut anywhere.
function untilLineEnd(text) {
  const end = text.lastIndexOf("\n") + 1;
  return end > text.length / 2 ? text.slice(0, end) : text;
}

// The browser skips the layout of blocks out of view.
function blocksOf(text) {
  const lines = text.split(/(?<=\n)/);
  if (lines.length <= LINES_IN_BLOCK) return [text];
  const starts = Array.from({ length: Math.ceil(lines.length / LINES_IN_BLOCK) }, (_, index) => index * LINES_IN_BLOCK);
  return starts.map((start) => h("span", { class: "result-data-block" }, lines.slice(start, start + LINES_IN_BLOCK).join("")));
}
