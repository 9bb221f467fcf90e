/** The form for all settings of a space. */
import { h, part, setAttribute, setText, show } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { makeField } from "../ui/form_field.js";
import { differ, valueOf, withValue } from "../lib/setting_value.js";
import { BASICS, GROUPS, TEMPLATE, TEMPLATES } from "./space_fields.js";

/** Make the form: {root, read(), write(settings), check(), showProblem(name, words)}. */
export function makeSpaceForm({ isNew, onChange }) {
  let base = {};
  const template = isNew ? makeField(TEMPLATE, applyTemplate) : null;
  const parts = isNew ? newParts(template, changed) : { first: [], others: GROUPS.map((group) => makeGroup(group, changed)) };
  const all = [...parts.first, ...parts.others].flatMap((group) => group.entries);
  const fields = all.filter((entry) => entry.read && entry !== template);
  const others = parts.others.map((group) => group.root);
  const root = h("div", { class: "form-groups" }, ...parts.first.map((group) => group.root), ...(isNew ? [advanced(others)] : others));

  const read = () => fields.reduce((settings, { field, read: value }) => withValue(settings, field, value()), base);

  function changed() {
    const settings = read();
    for (const { field, root: element } of all) show(element, field.shownIf?.(settings) ?? true);
    template?.write(templateOf(settings));
    onChange();
  }

  function applyTemplate() {
    write({ ...read(), features: TEMPLATES[template?.read()] });
  }

  function write(settings) {
    base = settings;
    const shown = read();
    for (const { field, write: put } of fields) if (differ(field, shown, settings)) put(valueOf(settings, field)); // writing an unchanged value would move the caret
    changed();
  }

  function check() {
    const wrong = fields.filter((entry) => !entry.root.hidden && !entry.check());
    if (wrong[0]) focusOn(wrong[0]);
    return wrong.length === 0;
  }

  /** Show the gateway's error beside the field that it names. Returns whether there is such a field. */
  function showProblem(name, words) {
    const found = fields.find(({ field }) => field.name === name);
    found?.showProblem(words);
    if (found) focusOn(found);
    return Boolean(found);
  }

  return { root, read, write, check, showProblem };
}

/** The groups of a new space: what everybody says, and the rest. */
function newParts(template, onChange) {
  const isBasic = ({ name }) => BASICS.includes(name);
  const fields = GROUPS.flatMap((group) => group.fields);
  const basics = BASICS.map((name) => (name === TEMPLATE.name ? template : makeField(fields.find((field) => field.name === name), onChange)));
  const others = GROUPS.map((group) => ({ ...group, fields: group.fields.filter((field) => !isBasic(field)) }));
  return { first: [drawGroup("basics", basics)], others: others.map((group) => makeGroup(group, onChange)) };
}

const advanced = (groups) => h("details", { class: "form-advanced" }, h("summary", {}, t("admin.space.advanced")), h("div", { class: "form-groups" }, ...groups));

const templateOf = ({ features }) => Object.keys(TEMPLATES).find((name) => JSON.stringify(TEMPLATES[name]) === JSON.stringify(features)) ?? null;

/** Focus a field, even if it is folded away. */
function focusOn({ root, focus }) {
  const folded = root.closest("details");
  if (folded) folded.open = true;
  focus();
}

function makeGroup({ name, fields }, onChange) {
  const wanted = fields.filter((field) => !field.onlyNew);
  return drawGroup(name, wanted.map((field) => (field.kind === "title" ? title(field) : makeField(field, onChange))));
}

function drawGroup(name, entries) {
  const heading = h("h3", {}, t(`admin.group.${name}`));
  const words = h("p", { class: "muted" }, t(`admin.group.${name}_words`));
  const root = h("section", { class: "form-group" }, h("div", { class: "form-group-head" }, heading, words), h("div", { class: "form-group-fields panel" }, ...entries.map((entry) => entry.root)));
  return { root, entries };
}

const title = (field) => ({ field, root: h("h4", {}, t(`admin.field.${field.name}`)) });

/** A bar with the submit button; gives {root, say(words), stay(is), busy(is), isBusy()}. It stays in view on demand. */
export function makeSaveBar(action) {
  const button = h("button", { class: "button is-primary", type: "submit" }, action);
  const root = h("div", { class: "save-bar" }, button, h("span", { class: "muted", "data-part": "save-words", role: "status" }));
  const say = (words) => setText(part(root, "save-words"), words);
  const stay = (is) => setAttribute(root, "data-stays", is);
  const busy = (is) => (is ? button.setAttribute("aria-disabled", "true") : button.removeAttribute("aria-disabled"));
  return { root, say, stay, busy, isBusy: () => button.hasAttribute("aria-disabled") };
}
