/** What the model answered: text as safe Markdown, data as JSON, each with a copy button. */
import { copyButton } from "./copy_button.js";
import { h, show } from "./dom.js";
import { t } from "./text.js";

const MOST_MARKDOWN = 100_000; // letters; longer text is shown as it came, so that the page stays quick

/** Mount the answer; `update(request)` draws each result once. */
export function mountAnswer(root) {
  let shown = null;

  function update(request) {
    const output = request.phase === "ended" ? (request.result.output ?? null) : null;
    if (output === shown) return;
    shown = output;
    const blocks = output ? [textBlock(output.text), dataBlock(output.data)].filter(Boolean) : [];
    show(root, blocks.length > 0);
    root.replaceChildren(...blocks);
  }

  return { update };
}

function textBlock(text) {
  if (!text) return null;
  const body = h("div", { class: "prose plain-text" }, text);
  showMarkdown(body, text);
  return block(t("result.answer"), body, () => text);
}

// The sanitiser is loaded with the first answer; until then, and if it cannot be, the text stands as it came.
async function showMarkdown(body, text) {
  if (text.length > MOST_MARKDOWN) return;
  const module = await import("./markdown.js").catch(() => null);
  if (module === null) return;
  body.classList.remove("plain-text");
  body.replaceChildren(module.renderMarkdown(text));
}

function dataBlock(data) {
  if (data === null || data === undefined) return null;
  const json = JSON.stringify(data, null, 2);
  return block(t("result.data"), h("pre", { class: "result-data", tabindex: "0" }, h("code", {}, json)), () => json);
}

function block(name, body, read) {
  const copy = copyButton(read, t("code.copy_named", { name }));
  return h("div", { class: "snippet" }, h("div", { class: "snippet-head" }, h("h3", {}, name), copy), body);
}
