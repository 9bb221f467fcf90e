/** The model's answer: text as safe Markdown (also while it is written), files, and data as JSON. */
import { answerFiles } from "./answer_files.js";
import { h, setText, show } from "../lib/dom.js";
import { longData } from "./long_data.js";
import { makeFlowingText } from "./flowing_text.js";
import { mountLongText } from "./long_text.js";
import { isEnd, nextTextAt, streamOf } from "../request/request_state.js";
import { t } from "../lib/text.js";

/** Mount the answer; `update(request)` draws what changed. `onBrokenLink()` is called when a file fails to load. */
export function mountAnswer(root, { onBrokenLink }) {
  const text = textBlock();
  /** @type {ReturnType<typeof answerFiles> | null} */
  let files = null;
  let shownId = null;
  let shownKey = null;

  function update(request) {
    const output = outputOf(request);
    const key = keyOf(output.whole);
    text.update(output);
    show(root, output.text || output.files.length > 0 || hasData(output.data));
    if (shownId === (request.id ?? null) && shownKey === key) files?.renew(output.files);
    else redraw(request, output, key);
  }

  function redraw(request, output, key) {
    [shownId, shownKey] = [request.id ?? null, key];
    files = output.files.length > 0 ? answerFiles(output.files, onBrokenLink, request.result?.input?.files) : null;
    const blocks = [text.root, files ? blockUnder(h("h3", {}, t("result.files")), files.root, null) : null, dataBlock(output.data)];
    root.replaceChildren(...blocks.filter(Boolean));
  }

  return { update };
}

// A request that ended without an output shows what was written until then.
function outputOf(request) {
  const whole = request.phase === "ended" ? request.result.output : null;
  const { text, data = null, files = [] } = whole ?? { text: partialOf(request) };
  return { whole, text: text ?? "", data, files, final: request.phase === "ended", until: nextTextAt(request) };
}

function partialOf(request) {
  const written = request.phase === "ended" || (request.phase === "open" && (request.status.status === "IN_PROGRESS" || isEnd(request.status.status)));
  return written ? streamOf(request).text : "";
}

// The key says whether files and data have to be redrawn; renewed links alone do not change it, and the data of an
// answer never changes.
const keyOf = (whole) => JSON.stringify([whole !== null, (whole?.files ?? []).map(({ name, size }) => [name, size])]);

function textBlock() {
  const long = mountLongText();
  const draw = makeFlowingText(long.update);
  const head = h("h3", {}, t("result.answer"));
  const root = h("div", { class: "answer-text" }, head, long.root);
  long.root.dir = "auto";

  function update({ text, final, whole, until }) {
    show(root, text !== "");
    root.toggleAttribute("data-writing", text !== "" && !final);
    const partial = final && !whole;
    setText(head, t(partial ? "result.so_far" : "result.answer"));
    head.classList.toggle("visually-hidden", !partial);
    draw(text, final, until);
  }

  return { root, update };
}

const hasData = (data) => data !== null && data !== undefined;

function dataBlock(data) {
  if (!hasData(data)) return null;
  const { root, copy } = longData(data);
  return blockUnder(h("h3", {}, t("result.data")), root, copy);
}

const blockUnder = (head, body, copy) => h("div", { class: "snippet" }, h("div", { class: "snippet-head" }, head, copy), body);
