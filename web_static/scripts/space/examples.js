/** Inputs to try, on the panel where the result will appear; one press fills the form and runs it. */
import { h, show } from "../lib/dom.js";
import { t } from "../lib/text.js";

const MOST_LETTERS = 60;

/** Mount the list; `update(examples, isIdle)` shows it while there is no request. `onChoose(input)` gets the chosen one. */
export function mountExamples(root, onChoose) {
  const list = h("ul", { class: "example-chips" });
  root.replaceChildren(h("h3", { class: "muted" }, t("examples.title")), list);
  let shown = "";

  function chip({ title = "", prompt = "", params = {} }) {
    const words = title || excerpt(prompt) || Object.entries(params).map((each) => each.join(": ")).join(" · ");
    const button = h("button", { class: "button is-small", type: "button", dir: "auto", title: prompt }, words);
    button.addEventListener("click", () => onChoose({ prompt, params, files: [] }));
    return h("li", {}, button);
  }

  return {
    update(examples, isIdle) {
      const usable = examples.filter(({ messages = [] }) => messages.length === 0);
      show(root, isIdle && usable.length > 0);
      const key = JSON.stringify(usable);
      if (key === shown) return;
      shown = key;
      list.replaceChildren(...usable.map(chip));
    },
  };
}

const excerpt = (text) => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text);
