/** The call that the form would make, as code: the REST API, the caller client, and clients of the OpenAI API. */
import { copyButton } from "../lib/copy_button.js";
import { h, setAttribute, setText, show } from "../lib/dom.js";
import { siteConfig } from "../lib/site_config.js";
import { CALLER_SNIPPETS } from "./caller_snippets.js";
import { isOfCalls, isOfEmbeddings, isOpen, needsOf } from "./snippet_needs.js";
import { MCP_SNIPPETS } from "./mcp_snippets.js";
import { EMBEDDING_SNIPPETS } from "./openai_embedding_snippets.js";
import { OPENAI_SNIPPETS } from "./openai_snippets.js";
import { mountOptionTypes } from "./option_types.js";
import { SNIPPETS } from "./snippet_texts.js";
import { t } from "../lib/text.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** Mount the snippets as tabs; `update(space, draft)` writes what the page holds ({prompt, files, params, call}) into them. */
export function mountSnippets(root, name) {
  const code = h("code", {});
  const copy = copyButton(() => code.textContent, t("copy.copy"));
  const panel = h("div", { class: "snippet", role: "tabpanel", id: "snippet", "aria-labelledby": "snippet-tab-0" }, h("pre", { tabindex: "0" }, code));
  const row = h("div", { class: "tabs", role: "tablist", "aria-label": t("code.title") });
  const key = keyField(draw);
  const options = mountOptionTypes();
  /** @type {Json} */
  const state = { chosen: 0, address: addressAt(location.origin, location.origin, name), space: null, draft: null, makers: [] };

  function draw() {
    const { makers, address, space, draft } = state;
    [...row.children].forEach((each, index) => {
      setAttribute(each, "aria-selected", String(index === state.chosen));
      setAttribute(each, "tabindex", index === state.chosen ? 0 : -1);
    });
    setAttribute(panel, "aria-labelledby", `snippet-tab-${state.chosen}`);
    show(key.root, space !== null && !isOpen(space));
    const isSeen = root.closest("[hidden]") === null; // a conversation may be long
    if (isSeen && makers.length > 0) setText(code, makers[state.chosen].write(address, needsOf(space, draft, key.value)));
  }

  function offer(makers) {
    if (makers[0] === state.makers[0]) return;
    Object.assign(state, { makers, chosen: 0 });
    row.replaceChildren(...makers.map(({ title }, index) => tab(title, index)));
  }

  function choose(index, focus = false) {
    const { length } = row.children;
    state.chosen = (index + length) % length;
    draw();
    if (focus) /** @type {HTMLElement} */ (row.children[state.chosen]).focus();
  }

  row.addEventListener("click", ({ target }) => {
    const index = [...row.children].indexOf(/** @type {Element} */ (target));
    if (index >= 0) choose(index);
  });
  row.addEventListener("keydown", ({ key: pressed }) => pressed in STEPS && choose(state.chosen + STEPS[pressed], true));
  siteConfig().then(({ api_url: api, stream_origin: stream }) => {
    state.address = addressAt(api || location.origin, stream || location.origin, name);
    draw();
  }, draw);
  root.replaceChildren(key.root, h("div", { class: "snippet-head" }, row, copy), panel, options.root);
  offer(makersFor(null));
  draw();

  function update(space, draft) {
    Object.assign(state, { space, draft });
    offer(makersFor(space));
    options.update(space);
    draw();
  }

  return { update };
}

const OF_PROMPTS = [...SNIPPETS, ...CALLER_SNIPPETS, ...OPENAI_SNIPPETS, ...MCP_SNIPPETS];
const OF_CALLS = [...OPENAI_SNIPPETS, ...CALLER_SNIPPETS, ...SNIPPETS, ...MCP_SNIPPETS];
const OF_EMBEDDINGS = [...EMBEDDING_SNIPPETS, ...SNIPPETS, ...MCP_SNIPPETS]; // the caller client sends messages

// What a space is most often called with comes first.
function makersFor(space) {
  if (isOfEmbeddings(space)) return OF_EMBEDDINGS;
  return isOfCalls(space) ? OF_CALLS : OF_PROMPTS;
}

const tab = (title, index) => h("button", { class: "tab", type: "button", role: "tab", id: `snippet-tab-${index}`, "aria-controls": "snippet" }, title);

// The key is neither stored nor sent: it only stands in the code, to be copied.
function keyField(onChange) {
  const input = h("input", { class: "field", type: "password", id: "snippet-key", autocomplete: "off", spellcheck: "false", placeholder: "wsk_…", "aria-describedby": "snippet-key-words" });
  const words = h("p", { class: "muted option-description", id: "snippet-key-words" }, t("code.key_words"));
  input.addEventListener("input", onChange);
  return { root: h("div", { class: "snippet-key" }, h("label", { for: "snippet-key" }, t("code.key")), input, words), get value() {
    return input.value.trim();
  } };
}

const below = (root, path) => `${root.replace(/\/$/, "")}${path}`;

const addressAt = (api, stream, name) => ({ api: below(api, "/v1"), page: below(api, ""), openai: below(stream, "/openai/v1"), mcp: below(stream, "/mcp"), space: name });
