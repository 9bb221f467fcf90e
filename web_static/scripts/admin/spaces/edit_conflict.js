/** Merges two people's edits of one space: asks about fields that both changed and joins the rest. */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { askInDialog } from "../ui/dialog.js";
import { differ, valueOf, withValue } from "../lib/setting_value.js";
import { FIELDS } from "./space_fields.js";
import { formatValue } from "../ui/format_value.js";

/** Merge the edits. Resolves with the settings to save, or null if the person cancelled. */
export async function mergeEdits({ base, mine, theirs }) {
  const { joined, open } = joinEdits({ base, mine, theirs });
  const choices = open.map((field) => choiceOf(field, mine, theirs));
  const taken = FIELDS.filter((field) => differ(field, base, theirs) && !open.includes(field));
  const body = [h("p", {}, t(open.length > 0 ? "admin.conflict.words" : "admin.conflict.no_overlap")), alsoChanged(taken, theirs), ...choices.map((each) => each.root)];
  const act = async () => choices.reduce((settings, { field, read }) => withValue(settings, field, read()), joined);
  return askInDialog({ title: t("admin.conflict.title"), body: body.filter(Boolean), action: t("admin.conflict.save"), act });
}

/** The settings that follow from both edits, and the fields that both people changed differently. */
export function joinEdits({ base, mine, theirs }) {
  const changed = FIELDS.filter((field) => differ(field, base, mine));
  const open = changed.filter((field) => differ(field, base, theirs) && differ(field, mine, theirs));
  const joined = changed.reduce((settings, field) => withValue(settings, field, valueOf(mine, field)), theirs);
  return { joined, open };
}

function choiceOf(field, mine, theirs) {
  const name = `conflict-${field.name}`;
  const option = (whose, settings, checked) => {
    const input = h("input", { type: "radio", name, value: whose, checked: checked ? "" : null });
    const words = h("span", { class: "check-words" }, h("span", {}, t(`admin.conflict.${whose}`)), h("span", { class: "hint" }, formatValue(valueOf(settings, field))));
    return h("label", { class: "check" }, input, words);
  };
  const legend = h("legend", {}, t(`admin.field.${field.text ?? field.name}`));
  const root = h("fieldset", { class: "checks" }, legend, option("mine", mine, true), option("theirs", theirs, false));
  const read = () => {
    const chosen = /** @type {HTMLInputElement} */ (root.querySelector(":checked"));
    return valueOf(chosen.value === "mine" ? mine : theirs, field);
  };
  return { root, field, read };
}

function alsoChanged(fields, theirs) {
  if (fields.length === 0) return null;
  const line = (field) => h("li", {}, `${t(`admin.field.${field.text ?? field.name}`)}: ${formatValue(valueOf(theirs, field))}`);
  return h("div", {}, h("p", {}, t("admin.conflict.taken")), h("ul", { class: "plain-list" }, ...fields.map(line)));
}
