/** The input of the request: prompt, files and options that belong to the answer below. */
import { isSameJson } from "../lib/exact_json.js";
import { h, setText, show } from "../lib/dom.js";
import { bodyLink, callView } from "./call_input.js";
import { optionWords } from "../form/params_schema.js";
import { size } from "../lib/format.js";
import { t } from "../lib/text.js";
import { visibleName } from "../lib/visible_name.js";

/**
 * Mount the block; `update(request, draft, schema)` shows the input unless the form holds the same (draft null:
 * the page has no form). Options get the titles of the worker's schema.
 */
export function mountRequestInput(root) {
  const prompt = h("p", { class: "request-input-prompt", dir: "auto" });
  const call = h("div", { class: "request-input-call" });
  const files = h("ul", { class: "request-input-files" });
  const params = h("p", { class: "request-input-params muted" });
  root.replaceChildren(h("h3", { class: "muted" }, t("result.input")), prompt, call, files, params);
  let shown = "";

  return (request, draft, schema) => {
    const input = inputOf(request, draft);
    show(root, input !== null);
    const options = optionWords(schema, input?.params ?? {});
    const key = JSON.stringify([input, options]);
    if (key === shown || input === null) return;
    shown = key;
    setText(prompt, input.prompt);
    show(prompt, input.prompt !== "");
    call.replaceChildren(...callView(input.call), ...bodyLink(input));
    show(call, call.hasChildNodes());
    files.replaceChildren(...input.files.map(fileItem));
    show(files, input.files.length > 0);
    setText(params, options.join(" · "));
    show(params, options.length > 0);
  };
}

function inputOf(request, draft) {
  const input = wholeInput(request);
  if (input.call || input.url) return input;
  if (!input.prompt && input.files.length === 0) return null;
  return draft && isHeld(input, draft) ? null : input;
}

function wholeInput(request) {
  const { call = null, body_url: url = null, body_bytes: bytes, files = [], params = {}, ...known } = knownInput(request);
  const isKnown = Boolean(call || url || files.length > 0); // else all that is known may be how the prompt begins
  return { prompt: known.prompt ?? (isKnown ? "" : request.excerpt) ?? "", files, params, call, url, bytes };
}

const knownInput = (request) => ({ ...request.input, ...(request.phase === "ended" ? request.result.input : null) });

const isHeld = (input, draft) =>
  (input.prompt ?? "") === draft.prompt && namesOf(input) === namesOf(draft) && isSameJson(input.params, draft.params);

const namesOf = ({ files }) => files.map(({ name, size: bytes }) => `${name} ${bytes}`).join();

function fileItem({ name: given, size: bytes, download_url: saved = null }) {
  const name = visibleName(given);
  const title = /^https?:\/\//i.test(saved ?? "") ? h("a", { href: saved, download: name, rel: "noopener", dir: "auto" }, name) : h("bdi", {}, name);
  return h("li", {}, title, " ", h("span", { class: "muted" }, size(bytes)));
}
