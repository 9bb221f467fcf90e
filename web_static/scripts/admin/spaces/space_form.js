/** The form for all settings of a space. */
import { h, part, setText, show } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { makeField } from "../ui/form_field.js";
import { differ, valueOf, withValue } from "../lib/setting_value.js";
import { GROUPS } from "./space_fields.js";

/** Make the form: {root, read(), write(settings), check(), showProblem(name, words)}. */
export function makeSpaceForm({ isNew, onChange }) {
  let base = {};
  const parts = GROUPS.map((group) => makeGroup(group, isNew, changed));
  const all = parts.flatMap((group) => group.entries);
  const fields = all.filter((entry) => entry.read);
  const root = h("div", { class: "form-groups" }, ...parts.map((group) => group.root));

  const read = () => fields.reduce((settings, { field, read: value }) => withValue(settings, field, value()), base);

  function changed() {
    const settings = read();
    for (const { field, root: element } of all) show(element, field.shownIf?.(settings) ?? true);
    onChange();
  }

  function write(settings) {
    base = settings;
    const shown = read();
    for (const { field, write: put } of fields) if (differ(field, shown, settings)) put(valueOf(settings, field)); // writing an unchanged value would move the caret
    changed();
  }

  function check() {
    const wrong = fields.filter((entry) => !entry.root.hidden && !entry.check());
    wrong[0]?.focus();
    return wrong.length === 0;
  }

  /** Show the gateway's error beside the field that it names. Returns whether there is such a field. */
  function showProblem(name, words) {
    const found = fields.find(({ field }) => field.name === name);
    found?.showProblem(words);
    found?.focus();
    return Boolean(found);
  }

  return { root, read, write, check, showProblem };
}

function makeGroup({ name, fields }, isNew, onChange) {
  const wanted = fields.filter((field) => isNew || !field.onlyNew);
  const entries = wanted.map((field) => (field.kind === "title" ? title(field) : makeField(field, onChange)));
  const heading = h("h3", {}, t(`admin.group.${name}`));
  const words = h("p", { class: "muted" }, t(`admin.group.${name}_words`));
  const root = h("section", { class: "form-group" }, h("div", { class: "form-group-head" }, heading, words), h("div", { class: "form-group-fields panel" }, ...entries.map((entry) => entry.root)));
  return { root, entries };
}

const title = (field) => ({ field, root: h("h4", {}, t(`admin.field.${field.name}`)) });

/** A bar with the submit button that stays in view; gives {root, say(words), busy(is), isBusy()}. */
export function makeSaveBar(action) {
  const button = h("button", { class: "button is-primary", type: "submit" }, action);
  const root = h("div", { class: "save-bar" }, button, h("span", { class: "muted", "data-part": "save-words", role: "status" }));
  const say = (words) => setText(part(root, "save-words"), words);
  const busy = (is) => (is ? button.setAttribute("aria-disabled", "true") : button.removeAttribute("aria-disabled"));
  return { root, say, busy, isBusy: () => button.hasAttribute("aria-disabled") };
}
