/** Small controls of the administration. */
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";

/** A button, off until what `act` promises is done; `key` lets the focus find it again after a redraw. */
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

/** A state in colour, shape and word. */
export const badge = ({ tone, icon: name, word }) => h("span", { class: "badge", "data-tone": tone }, icon(name), word);

/** A choice of one; options are [value, words]. */
export function choice(options, chosen, attributes = {}) {
  const made = ([value, words]) => h("option", { value, selected: value === chosen ? "" : null }, words);
  const select = h("select", attributes, ...options.map(made));
  select.value = chosen ?? options[0]?.[0] ?? "";
  return select;
}

/** A control with its words above it. */
export const labelled = (words, control) => h("label", { class: "labelled" }, h("span", {}, words), control);

/** A list of check boxes in a fieldset; `read()` gives the values that are checked. */
export function checks(legend, options, chosen = [], hint = null) {
  const boxes = options.map(([value]) => h("input", { type: "checkbox", value, checked: chosen.includes(value) ? "" : null }));
  const lines = options.map(([, words], index) => h("label", { class: "check" }, boxes[index], h("span", {}, words)));
  const root = h("fieldset", { class: "checks" }, h("legend", {}, legend), hint && h("p", { class: "hint" }, hint), ...lines);
  return { root, boxes, read: () => boxes.filter((box) => box.checked).map((box) => box.value) };
}

/** The head of a view: its title and what can be done there. */
export const viewHead = (title, words, ...actions) => headOf("h2", title, words, actions);

/** The head of a part of a view. */
export const sectionHead = (title, words, ...actions) => headOf("h3", title, words, actions);

function headOf(tag, title, words, actions) {
  const texts = h("div", { class: "view-words" }, h(tag, {}, title), h("p", { class: "quiet" }, words));
  return h("div", { class: "view-head" }, texts, actions.length > 0 ? h("div", { class: "view-actions" }, ...actions) : null);
}

/** What stands where there is nothing. */
export const emptyState = (words, ...actions) => h("div", { class: "panel empty-state" }, h("p", {}, words), ...actions);
