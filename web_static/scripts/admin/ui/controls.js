/** Small controls for the administration. */
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";

/**
 * A button that is disabled until the promise of `act` settles; `key` restores its focus after a redraw.
 * @param {string} words
 * @param {(button: HTMLButtonElement) => unknown} act
 * @param {{ key?: string | null, label?: string | null, className?: string }} options
 */
export function actionButton(words, act, { key = null, label = null, className = "button is-small" } = {}) {
  const button = h("button", { class: className, type: "button", "aria-label": label, "data-focus": key }, words);
  button.addEventListener("click", async () => {
    if (button.ariaDisabled === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      await act(button);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
  return button;
}

/** A state as colour, icon and word. */
export const badge = ({ tone, icon: name, word }) => h("span", { class: "badge", "data-tone": tone }, icon(name), word);

/** A select element; options are [value, words]. */
export function choice(options, chosen, attributes = {}) {
  const made = ([value, words]) => h("option", { value, selected: value === chosen ? "" : null }, words);
  const select = h("select", attributes, ...options.map(made));
  select.value = chosen ?? options[0]?.[0] ?? "";
  return select;
}

/** A control with its label above it. */
export const labelled = (words, control) => h("label", { class: "labelled" }, h("span", {}, words), control);

/** The heading of a view, with its actions. */
export const viewHead = (title, words, ...actions) => headOf("h2", title, words, actions);

/** The heading of a section, with its actions. */
export const sectionHead = (title, words, ...actions) => headOf("h3", title, words, actions);

function headOf(tag, title, words, actions) {
  const texts = h("div", { class: "view-words" }, h(tag, {}, title), h("p", { class: "muted" }, words));
  return h("div", { class: "view-head" }, texts, actions.length > 0 ? h("div", { class: "view-actions" }, ...actions) : null);
}

/** A placeholder for an empty list. */
export const emptyState = (words, ...actions) => h("div", { class: "panel empty-state" }, h("p", {}, words), ...actions);
