/** The input of a request that is a call of the OpenAI API, or that is too large to show. */
import { h } from "../lib/dom.js";
import { size } from "../lib/format.js";
import { t } from "../lib/text.js";

/** The elements that show a call: its endpoint, its messages by role, its other fields. Nothing without a call. */
export function callView(call) {
  if (!call) return [];
  const { messages, prompt, input, ...fields } = call.body;
  const turns = Array.isArray(messages) ? messages.map(turnOf) : [prompt, input].filter((text) => text !== undefined).map((text) => ["", wordsOf(text)]);
  return [
    h("p", { class: "muted" }, t("result.input_call", { endpoint: call.endpoint })),
    h("dl", { class: "request-input-turns" }, ...turns.flatMap(([role, words]) => [h("dt", {}, role), h("dd", { dir: "auto" }, words)])),
    ...(Object.keys(fields).length > 0 ? [h("p", { class: "request-input-params muted" }, fieldWords(fields))] : []),
  ];
}

/** The link to a large input; nothing for a small one. */
export function bodyLink({ url, bytes }) {
  if (!/^https?:\/\//i.test(url ?? "")) return [];
  const link = h("a", { href: url, download: "input.json", rel: "noopener" }, t("result.input_download"));
  return [h("p", {}, link, " ", h("span", { class: "muted" }, size(bytes)))];
}

function turnOf(message) {
  const { role, content, tool_calls: calls } = Object(message);
  const called = Array.isArray(calls) ? calls.map((each) => nameOf(Object(each).function)) : [];
  return [String(role ?? ""), [wordsOf(content), ...called].filter(Boolean).join("\n")];
}

const nameOf = (called) => `${Object(called).name}(${Object(called).arguments ?? ""})`;

/** The text of a content, with a mark for each part that has none. */
function wordsOf(content) {
  if (Array.isArray(content)) return content.map(wordsOf).join("\n");
  if (content === null || typeof content !== "object") return String(content ?? "");
  return typeof content.text === "string" ? content.text : `[${content.type ?? "…"}]`;
}

const SHORT = 80;

const fieldWords = (fields) => Object.entries(fields).map(([name, value]) => `${name}: ${shortened(value)}`).join(" · ");

function shortened(value) {
  const words = JSON.stringify(value) ?? "";
  return words.length > SHORT ? `${words.slice(0, SHORT)}…` : words;
}
