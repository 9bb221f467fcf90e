/** The options of a space as a programmer needs them: name, type, limits, default, description. */
import { stringifyExact } from "../lib/exact_json.js";
import { fieldsOf } from "../form/params_schema.js";
import { h, show } from "../lib/dom.js";
import { t } from "../lib/text.js";

/** Mount the list; `update(space)` draws the options of its schema, and hides the list where there are none. */
export function mountOptionTypes() {
  const list = h("dl", { class: "option-types" });
  const root = h("section", { "aria-labelledby": "option-types-title", hidden: "" }, h("h2", { id: "option-types-title" }, t("code.options")), list);
  let shown = "";

  function update(space) {
    const schema = space?.params_schema ?? null;
    const key = JSON.stringify(schema);
    if (key === shown) return;
    shown = key;
    const fields = fieldsOf(schema);
    list.replaceChildren(...fields.map(option));
    show(root, fields.length > 0);
  }

  return { root, update };
}

function option(field) {
  const words = [typeOf(field), ...limitsOf(field), field.required ? t("code.required") : defaultOf(field)];
  return h(
    "div",
    {},
    h("dt", {}, h("code", { dir: "auto" }, field.name), " ", h("span", { class: "muted", dir: "ltr" }, words.filter(Boolean).join(" · "))),
    field.description ? h("dd", { dir: "auto" }, field.description) : null,
  );
}

/** The type in the words of JSON Schema; of an enumeration, its values. */
export function typeOf({ kind, choices, nullable }) {
  const type = choices ? choices.map(({ value }) => stringifyExact(value)).join(" | ") : kind;
  return nullable ? `${type} | null` : type;
}

const LIMITS = { min: "≥ ", above: "> ", max: "≤ ", below: "< ", step: "× " };

/** The limits of a number, and of the length of a text. */
export function limitsOf(field) {
  const limits = Object.entries(LIMITS).map(([name, sign]) => (field[name] === undefined ? "" : `${sign}${stringifyExact(field[name])}`));
  const { shortest, longest, pattern } = field;
  const length = shortest || longest ? t("code.length", { length: [shortest ?? 0, longest ?? "∞"].join("–") }) : "";
  return [...limits, length, pattern ? `/${pattern}/` : ""].filter(Boolean);
}

const defaultOf = ({ initial }) => (initial === undefined ? "" : t("code.default", { value: stringifyExact(initial) }));
