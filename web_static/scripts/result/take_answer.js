/** Takes an answer out of the page: to the clipboard, or as files. */
import { copyFrom } from "../lib/copy_text.js";
import { stringifyExact } from "../lib/exact_json.js";

const GAP_MS = 300; // browsers drop downloads that start together

const outputOf = ({ phase, result }) => (phase === "ended" ? (result.output ?? {}) : {});

const hasData = (/** @type {Json} */ { data }) => data !== null && data !== undefined;

const textOf = ({ text, ...output }) => text || (hasData(output) ? stringifyExact(output.data) : "");

/** Whether a request has an answer that can be taken. */
export function hasAnswer(request) {
  const { text, files = [], ...output } = outputOf(request);
  return Boolean(text) || hasData(output) || files.length > 0;
}

/** Copy the text of an answer, or its data as JSON; files as their links. */
export async function copyAnswer(button, request) {
  const output = outputOf(request);
  const text = textOf(output) || output.files.map(({ url }) => url).join("\n");
  await copyFrom(button, text);
}

/** Save all parts of an answer: its text, its data and its files. */
export async function downloadAnswer(request) {
  const parts = [...written(request), ...(outputOf(request).files ?? []).map(({ name, url }) => ({ name, url }))];
  for (const [index, each] of parts.entries()) {
    if (index > 0) await new Promise((resolve) => void setTimeout(resolve, GAP_MS));
    save(each);
  }
}

function written(request) {
  const { text, ...output } = outputOf(request);
  const name = request.id.split(".").slice(0, 2).join("-");
  const blob = (content, type) => URL.createObjectURL(new Blob([content], { type }));
  return [
    text ? { name: `${name}.md`, url: blob(text, "text/markdown") } : null,
    hasData(output) ? { name: `${name}.json`, url: blob(stringifyExact(output.data), "application/json") } : null,
  ].filter((each) => each !== null);
}

function save({ name, url }) {
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: name, rel: "noopener" });
  link.click();
  if (url.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
