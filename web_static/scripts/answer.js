/** What the model answered: text as safe Markdown (while it is written, too), files, and data as JSON. */
import { copyButton } from "./copy_button.js";
import { dataText } from "./data_text.js";
import { h, show } from "./dom.js";
import { mountLongText } from "./long_text.js";
import { outputFiles, renewLinks } from "./output_files.js";
import { isEnd, streamOf } from "./request_state.js";
import { t } from "./text.js";

/** Mount the answer; `update(request)` draws what is new; `onBrokenLink()` hears of files that do not load. */
export function mountAnswer(root, { onBrokenLink }) {
  const text = textBlock();
  let files = null;
  let links = "";
  let shownId = null;
  let shownData = null;

  function update(request) {
    const output = outputOf(request);
    text.update(output.text ?? "", output.final);
    show(root, output.text || output.files.length > 0 || hasData(output.data));
    if (shownId === (request.id ?? null) && shownData === output.key) return renew(output.files);
    [shownId, shownData] = [request.id ?? null, output.key];
    files = output.files.length > 0 ? outputFiles(output.files, onBrokenLink) : null;
    links = linksOf(output.files);
    const blocks = [text.root, files ? block(t("result.files"), files) : null, dataBlock(output.data)];
    root.replaceChildren(...blocks.filter(Boolean));
  }

  function renew(renewed) {
    if (files === null || linksOf(renewed) === links) return;
    links = linksOf(renewed);
    renewLinks(files, renewed);
  }

  return { update };
}

// The key tells whether files and data have to be drawn anew; fresh links alone do not.
function outputOf(request) {
  const ended = request.phase === "ended";
  const { text, data = null, files = [] } = (ended ? request.result.output : null) ?? {};
  const key = JSON.stringify([data, files.map(({ name, size }) => [name, size])]);
  return { text: ended ? text : partialOf(request), data, files, key, final: ended };
}

function partialOf(request) {
  const writing = request.phase === "open" && (request.status.status === "IN_PROGRESS" || isEnd(request.status.status));
  return writing ? streamOf(request).text : "";
}

function textBlock() {
  const long = mountLongText();
  let shown = "";
  const root = block(t("result.answer"), long.root, () => shown);

  function update(text, final) {
    show(root, text !== "");
    root.toggleAttribute("data-writing", text !== "" && !final);
    shown = text;
    long.update(text, final);
  }

  return { root, update };
}

const hasData = (data) => data !== null && data !== undefined;

const linksOf = (files) => files.map(({ url }) => url).join();

function dataBlock(data) {
  if (!hasData(data)) return null;
  const json = dataText(data);
  return block(t("result.data"), h("pre", { class: "result-data", tabindex: "0" }, h("code", {}, json)), () => json);
}

function block(name, body, read = null) {
  const copy = read && copyButton(read, t("code.copy_named", { name }));
  return h("div", { class: "snippet" }, h("div", { class: "snippet-head" }, h("h3", {}, name), copy), body);
}
