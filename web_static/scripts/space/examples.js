/** Inputs to try, on the panel where the result will appear; one press fills the form and runs it. */
import { fileIcon } from "../files/file_preview.js";
import { kindOf } from "../files/file_rules.js";
import { fillAndSubmit } from "../form/run_again.js";
import { h, show } from "../lib/dom.js";
import { t } from "../lib/text.js";

const MOST_LETTERS = 60;
const NOT_LOADED = { gone: "examples.not_loaded", notLoaded: "examples.not_loaded" };

/** Mount the list; `update(examples, isIdle)` shows it while there is no request. `onChoose(run)` gets what runs the chosen one, given the form. */
export function mountExamples(root, onChoose) {
  const list = h("ul", { class: "example-chips" });
  root.replaceChildren(h("h3", { class: "muted" }, t("examples.title")), list);
  let shown = "";
  let latest = [];

  function chip(example, index) {
    const { prompt = "", files = [] } = example;
    const pictures = files.slice(0, 1).map(picture);
    const button = h("button", { class: `button is-small ${pictures.length > 0 ? "example-card" : ""}`, type: "button", dir: "auto", title: prompt }, ...pictures, h("span", {}, wordsOf(example)));
    button.addEventListener("click", () => onChoose((form) => run(latest[index], form)));
    return h("li", {}, button);
  }

  return {
    update(examples, isIdle) {
      latest = examples.filter(({ messages = [] }) => messages.length === 0);
      show(root, isIdle && latest.length > 0);
      const key = JSON.stringify(latest, (name, value) => (name === "url" ? undefined : value)); // each response signs it again
      if (key === shown) return;
      shown = key;
      list.replaceChildren(...latest.map(chip));
    },
  };
}

function run({ prompt = "", params = {}, files = [] }, form) {
  if (!form.isFetching()) fillAndSubmit({ prompt, params, files: [] }, files, form, NOT_LOADED);
}

function picture({ url, content_type: type, inline }) {
  const instead = fileIcon(kindOf(type));
  if (!inline || kindOf(type) !== "image") return instead;
  const image = h("img", { class: "file-picture", alt: "", src: url });
  image.addEventListener("error", () => image.replaceWith(instead), { once: true });
  return image;
}

const wordsOf = ({ title = "", prompt = "", params = {}, files = [] }) =>
  title || excerpt(prompt ?? "") || files.map(({ name }) => name).join(", ") || Object.entries(params).map((each) => each.join(": ")).join(" · ");

const excerpt = (text) => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text);
