/** What was asked: prompt, files and options that belong to the answer below. */
import { h, setText, show } from "../lib/dom.js";
import { seenName } from "../files/file_rules.js";
import { tellOptions } from "../form/params_schema.js";
import { size } from "../lib/format.js";
import { t } from "../lib/text.js";

/**
 * Mount the block; `update(request, draft, schema)` shows what the form does not hold itself (draft null: there
 * is no form); options are named as the worker's schema names them.
 */
export function mountAsked(root) {
  const prompt = h("p", { class: "asked-prompt", dir: "auto" });
  const files = h("ul", { class: "asked-files" });
  const params = h("p", { class: "asked-params quiet" });
  root.replaceChildren(h("h3", { class: "quiet" }, t("result.asked")), prompt, files, params);
  let shown = "";

  return (request, draft, schema) => {
    const asked = askedOf(request, draft);
    show(root, asked !== null);
    const options = tellOptions(schema, asked?.params ?? {});
    const key = JSON.stringify([asked, options]);
    if (key === shown || asked === null) return;
    shown = key;
    setText(prompt, asked.prompt);
    show(prompt, asked.prompt !== "");
    files.replaceChildren(...asked.files.map(fileItem));
    show(files, asked.files.length > 0);
    setText(params, options.join(" · "));
    show(params, options.length > 0);
  };
}

function askedOf(request, draft) {
  const input = { ...request.input, ...(request.phase === "ended" ? request.result.input : null) };
  const { prompt = request.excerpt, files = [], params = {} } = input;
  if (!prompt && files.length === 0) return null;
  return draft && isHeld({ prompt, files, params }, draft) ? null : { prompt: prompt ?? "", files, params };
}

const isHeld = (asked, draft) =>
  (asked.prompt ?? "") === draft.prompt && namesOf(asked) === namesOf(draft) && JSON.stringify(asked.params) === JSON.stringify(draft.params);

const namesOf = ({ files }) => files.map(({ name, size: bytes }) => `${name} ${bytes}`).join();

function fileItem({ name: given, size: bytes, download_url: saved = null }) {
  const name = seenName(given);
  const title = /^https?:\/\//i.test(saved ?? "") ? h("a", { href: saved, download: name, rel: "noopener", dir: "auto" }, name) : h("bdi", {}, name);
  return h("li", {}, title, " ", h("span", { class: "quiet" }, size(bytes)));
}
