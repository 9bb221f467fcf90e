/** The page's own calls as code: curl, Python, JavaScript, and the same for clients of the OpenAI API. */
import { copyButton } from "../lib/copy_button.js";
import { h, setAttribute } from "../lib/dom.js";
import { siteConfig } from "../lib/site_config.js";
import { OPENAI_SNIPPETS } from "./openai_snippets.js";
import { SNIPPETS } from "./snippet_texts.js";
import { t } from "../lib/text.js";

/** Mount the snippets as tabs; `update(space)` adapts them to what the space accepts and who may call it. */
export function mountSnippets(root, name) {
  const tabs = ALL.map(({ title }, index) => tab(title, index));
  const code = h("code", {});
  const copy = copyButton(() => code.textContent, t("copy.copy"));
  const panel = h("div", { class: "snippet", role: "tabpanel", id: "snippet", "aria-labelledby": "snippet-tab-0" }, h("pre", { tabindex: "0" }, code));
  const row = h("div", { class: "tabs", role: "tablist", "aria-label": t("code.title") }, ...tabs);
  const state = { chosen: 0, address: addressAt(location.origin, location.origin, name), space: null };

  function draw() {
    tabs.forEach((each, index) => {
      setAttribute(each, "aria-selected", String(index === state.chosen));
      setAttribute(each, "tabindex", index === state.chosen ? 0 : -1);
    });
    setAttribute(panel, "aria-labelledby", `snippet-tab-${state.chosen}`);
    const text = ALL[state.chosen].write(state.address, needsOf(state.space));
    if (code.textContent !== text) code.textContent = text;
  }

  function choose(index, focus = false) {
    state.chosen = (index + tabs.length) % tabs.length;
    draw();
    if (focus) tabs[state.chosen].focus();
  }

  tabs.forEach((each, index) => each.addEventListener("click", () => choose(index)));
  row.addEventListener("keydown", ({ key }) => key in STEPS && choose(state.chosen + STEPS[key], true));
  siteConfig().then(({ api_url: api, stream_origin: stream }) => {
    state.address = addressAt(api || location.origin, stream || location.origin, name);
    draw();
  }, draw);
  root.replaceChildren(h("div", { class: "snippet-head" }, row, copy), panel);
  draw();

  function update(space) {
    state.space = space;
    draw();
  }

  return { update };
}

const ALL = [...SNIPPETS, ...OPENAI_SNIPPETS];

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

const tab = (title, index) => h("button", { class: "tab", type: "button", role: "tab", id: `snippet-tab-${index}`, "aria-controls": "snippet" }, title);

const below = (root, path) => `${root.replace(/\/$/, "")}${path}`;

const addressAt = (api, stream, name) => ({ api: below(api, "/v1"), openai: below(stream, "/openai/v1"), space: name });

function needsOf(space) {
  const takesPrompt = !space || space.features.includes("prompt") || !space.files;
  return { prompt: takesPrompt, files: space?.files ? exampleOf(space.files.accept) : null, key: Boolean(space?.visibility) && space.visibility !== "public" };
}

const EXAMPLES = { "image/*": "image/png", "audio/*": "audio/wav", "video/*": "video/mp4", "*/*": "text/plain" };

// An example file of the first type that the space accepts, with the matching extension.
function exampleOf(accept) {
  const type = EXAMPLES[accept[0]] ?? accept[0] ?? "text/plain";
  const ending = type === "text/plain" ? "txt" : type.split("/").at(-1).replace(/^x-|\+.*$/g, "");
  return { name: `file.${ending}`, type };
}
