/** One field of a form: label, control and validation message. */
import { h, setAttribute, setText, show } from "../../lib/dom.js";
import { hasText, t } from "../../lib/text.js";
import { examplesControl } from "./examples_field.js";

let count = 0;

/**
 * Make a field: {root, read(), write(value), check(), showProblem(words)}. Its label and hint are texts of the locale
 * after its name, unless it has its own (`label`, `hint`).
 */
export function makeField(field, onChange) {
  const id = `field-${(count += 1)}`;
  const control = CONTROLS[field.kind](field, id);
  const problem = h("p", { class: "problem", id: `${id}-problem`, "data-part": "problem", hidden: "" });
  const root = wrap(field, id, control, problem);
  control.root.addEventListener("input", () => {
    showProblem(null);
    onChange();
  });

  function showProblem(words) {
    show(problem, words !== null);
    setText(problem, words ?? "");
    for (const input of control.inputs) setAttribute(input, "aria-invalid", words !== null);
  }

  function check() {
    const words = problemOf(field, control.read());
    showProblem(words);
    return (control.check?.() ?? true) && words === null;
  }

  const focus = control.focus ?? (() => control.inputs[0].focus());
  return { field, root, read: control.read, write: control.write, check, showProblem, focus };
}

const CONTROLS = { text, long, number, lines, links, examples: examplesControl, checks: checkBoxes, radio, switch: switchBox };

function text({ max, type = "text" }, id) {
  return plain(h("input", { class: "input", id, type, dir: "auto", maxlength: max, autocomplete: "off", spellcheck: "false" }));
}

function long({ max, rows = 3 }, id) {
  return plain(h("textarea", { class: "input", id, rows, dir: "auto", maxlength: max }));
}

const plain = (input) => ({ root: input, inputs: [input], read: () => input.value.trim(), write: (value) => (input.value = value ?? "") });

function number({ empty, unit, min, max }, id) {
  const input = h("input", { class: "input", id, type: "number", inputmode: "decimal", min, max, step: "any" });
  const root = h("span", { class: "with-unit" }, input, h("span", { class: "muted" }, t(`admin.unit.${unit}`)));
  const read = () => (input.value === "" ? (empty === undefined ? Number.NaN : empty) : input.valueAsNumber);
  return { root, inputs: [input], read, write: (value) => (input.value = value ?? "") };
}

function lines({ empty = [] }, id) {
  const input = h("textarea", { class: "input", id, rows: "3", autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  const read = () => {
    const given = input.value.split(/[\s,;]+/).filter(Boolean);
    return given.length > 0 ? given : empty;
  };
  return { root: input, inputs: [input], read, write: (value) => (input.value = (value ?? []).join("\n")) };
}

// One link a line: the address, a space, and its title.
function links(field, id) {
  const input = h("textarea", { class: "input", id, rows: "3", dir: "auto", autocomplete: "off", spellcheck: "false" });
  const read = () => input.value.split("\n").map((line) => line.trim()).filter(Boolean).map(linkOf);
  const write = (value) => (input.value = (value ?? []).map(({ title, url }) => `${url} ${title}`).join("\n"));
  return { root: input, inputs: [input], read, write };
}

function linkOf(line) {
  const [url] = line.split(/\s/);
  return { title: line.slice(url.length).trim(), url };
}

function switchBox(field, id) {
  const input = h("input", { type: "checkbox", id, role: "switch" });
  return { root: input, inputs: [input], read: () => input.checked, write: (value) => (input.checked = Boolean(value)) };
}

function checkBoxes(field, id) {
  const { root, inputs } = options(field, id, "checkbox");
  const read = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const write = (values) => inputs.forEach((input) => (input.checked = values.includes(input.value)));
  return { root, inputs, read, write };
}

function radio(field, id) {
  const { root, inputs } = options(field, id, "radio");
  const read = () => inputs.find((input) => input.checked)?.value ?? null;
  const write = (value) => inputs.forEach((input) => (input.checked = input.value === value));
  return { root, inputs, read, write };
}

function options({ options: values, texts, described, wordsOf = (value) => t(`${texts}.${value}`) }, id, type) {
  const inputs = values.map((value) => h("input", { type, name: id, value }));
  const line = (value, index) => {
    const words = h("span", {}, wordsOf(value));
    const more = described ? h("span", { class: "hint" }, t(`${texts}.${value}_words`)) : null;
    return h("label", { class: "check" }, inputs[index], h("span", { class: "check-words" }, words, more));
  };
  return { root: h("div", { class: "options" }, ...values.map(line)), inputs };
}

function wrap(field, id, control, problem) {
  const name = field.text ?? field.name;
  const words = field.label ?? t(`admin.field.${name}`);
  const hintWords = field.hint ?? (hasText(`admin.hint.${name}`) ? t(`admin.hint.${name}`) : null);
  const hint = hintWords && h("p", { class: "hint", id: `${id}-hint` }, hintWords);
  const described = [hint && `${id}-hint`, `${id}-problem`].filter(Boolean).join(" ");
  for (const input of control.inputs) input.setAttribute("aria-describedby", described);
  if (control.inputs.length > 1 || field.kind === "checks") return h("fieldset", { class: "field", "data-kind": field.kind }, h("legend", {}, words), hint, control.root, problem);
  return h("div", { class: "field", "data-kind": field.kind }, h("label", { for: id }, words), hint, control.root, problem);
}

function problemOf(field, value) {
  const { required, pattern, min, max, name } = field;
  if (required && (value === "" || value?.length === 0)) return required === true ? t("admin.problem.required") : required;
  if (pattern && !pattern.test(value)) return t(`admin.problem.${name}`);
  if (isOutOfRange(field, value)) return t("admin.problem.range", { min, max });
  return field.each ? lineProblem(field, value) : null;
}

// The comparisons are also false for NaN, the value of an empty or malformed number.
function isOutOfRange({ kind, min, max }, value) {
  return kind === "number" && value !== null && !(value >= min && value <= max);
}

function lineProblem({ each, name }, value) {
  const wrong = [value ?? []].flat().find((line) => !each(line));
  return wrong === undefined ? null : t(`admin.problem.${name}`, { value: wrong?.url ?? String(wrong) });
}
