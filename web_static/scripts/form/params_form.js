/** The options of a space: a form built from the JSON Schema that its worker registered. */
import { h, part, setAttribute, setText, show } from "../lib/dom.js";
import { numberSlider } from "./number_slider.js";
import { fieldsOf, toInputValue, readField } from "./params_schema.js";

/** Mount the form; `onChange()` is called after every change. `update(schema)` rebuilds it if the schema changed. */
export function mountParamsForm(root, { onChange }) {
  const body = part(root, "options-fields");
  let built = "";
  let controls = [];
  let wanted = {};

  function update(schema) {
    const next = JSON.stringify(schema ?? null);
    if (next === built) return;
    if (controls.length > 0) wanted = { ...wanted, ...values() };
    built = next;
    controls = fieldsOf(schema).map((field, index) => makeControl(field, index));
    body.replaceChildren(...controls.map(({ element }) => element));
    fill(wanted);
    show(root, controls.length > 0);
  }

  function fill(params) {
    wanted = params;
    for (const { field, write } of controls) write(toInputValue(field, Object.hasOwn(params, field.name) ? params[field.name] : field.initial));
  }

  function values() {
    const entries = controls.map(({ field, read }) => [field.name, readField(field, read()).value]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  // The first invalid field opens the options and gets the focus.
  function check() {
    const wrong = controls.map((control) => control.say(readField(control.field, control.read()).problem ?? null));
    const first = wrong.indexOf(true);
    if (first < 0) return true;
    root.open = true;
    controls[first].focus();
    return false;
  }

  root.addEventListener("input", onChange);
  return { update, fill, values: () => (controls.length > 0 ? values() : wanted), check };
}

function makeControl(field, index) {
  const id = `option-${index}`;
  const input = inputOf(field, { id, "aria-describedby": `${id}-about ${id}-problem` });
  const problem = h("span", { class: "prompt-problem", id: `${id}-problem` });
  const about = h("span", { class: "muted option-description", id: `${id}-about` }, field.description);
  const label = h("label", { for: id }, field.title, field.required ? h("span", { class: "muted" }, " *") : null);
  const isFlag = field.kind === "boolean";
  const slider = numberSlider(field, input);
  const place = slider ? h("div", { class: "option-number" }, slider.root, input) : input;
  input.addEventListener("input", () => say(null));

  function say(words) {
    setText(problem, words ?? "");
    setAttribute(input, "aria-invalid", words ? "true" : null);
    return words !== null;
  }

  return {
    ...{ field, say, focus: () => input.focus() },
    element: h("div", { class: isFlag ? "option is-flag" : "option" }, ...(isFlag ? [input, label] : [label, place]), about, problem),
    ...(isFlag ? flagValue(/** @type {HTMLInputElement} */ (input)) : textValue(input, slider?.sync)),
  };
}

/** @param {HTMLInputElement} input */
const flagValue = (input) => ({ read: () => input.checked, write: (raw) => (input.checked = raw) });

/**
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} input
 * @param {(() => void) | undefined} sync
 */
const textValue = (input, sync) => ({
  // Text that is not a number reads as empty; do not mistake it for an empty field.
  read: () => (input.validity?.badInput ? "?" : input.value),
  write(raw) {
    input.value = raw;
    sync?.();
  },
});

function inputOf(field, attributes) {
  const { kind, long } = field;
  if (kind === "boolean") return h("input", { ...attributes, type: "checkbox" });
  if (kind === "choice") return choiceOf(field, attributes);
  if (kind === "json" || long) return h("textarea", { ...attributes, class: "field", rows: 3, spellcheck: kind === "json" ? "false" : null });
  if (kind === "string") return h("input", { ...attributes, class: "field", type: "text" });
  return numberInputOf(field, attributes);
}

function numberInputOf({ kind, min, max, above, below, step }, attributes) {
  return h("input", { ...attributes, class: "field", type: "number", min: min ?? above, max: max ?? below, step: step ?? (kind === "integer" ? 1 : "any") });
}

function choiceOf({ choices, nullable, initial }, attributes) {
  const options = choices.map(({ title }, index) => h("option", { value: index }, title));
  const none = initial !== undefined && !nullable ? [] : [h("option", { value: "" }, "–")];
  return h("select", { ...attributes, class: "field" }, ...none, ...options);
}
