/** The fields of an object as a list, with those of inner objects to open. */
import { h } from "../lib/dom.js";
import { t } from "../lib/text.js";

/** Make the list; null if there are no fields. */
export const fieldList = (fields) => (fields.length === 0 ? null : h("ul", { class: "field-list" }, ...fields.map(fieldItem)));

/** A description as nodes: what stands between backticks is code. */
export const words = (text) => text.split("`").map((piece, index) => (index % 2 === 1 ? h("code", {}, piece) : piece));

function fieldItem({ name, required, shape, words: said, facts, fields }) {
  return h(
    "li",
    {},
    h("p", { class: "field-line" }, h("code", { class: "field-name" }, name), " ", h("code", { class: "muted" }, shape), required ? null : h("span", { class: "field-optional muted" }, ` ${t("reference.optional")}`)),
    said ? h("p", { lang: "en" }, ...words(said)) : null,
    facts.length > 0 ? h("p", { class: "field-facts muted" }, ...facts.map(([fact, value]) => h("code", {}, `${fact}: ${value}`))) : null,
    innerFields(name, fields),
  );
}

// Made when it is opened: the fields of all calls together are some thousands.
function innerFields(name, fields) {
  if (fields.length === 0) return null;
  const details = h("details", {}, h("summary", {}, t("reference.fields", { name, count: fields.length })));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(/** @type {Node} */ (fieldList(fields)));
  });
  return details;
}
