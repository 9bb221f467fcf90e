/** The fields that a worker's JSON Schema of `params` asks for, and what was entered as values. Pure. */
import { number } from "./format.js";
import { t } from "./text.js";

const LONG_TEXT = 120; // letters allowed from which a text gets several lines

/** The fields of a schema: {name, kind, title, description, initial, required, choices, min, max, long}. */
export function fieldsOf(schema) {
  const required = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => fieldOf(name, property ?? {}, required.has(name)));
}

function fieldOf(name, property, required) {
  const { title, description, default: initial, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = property;
  const choices = choicesOf(property);
  return {
    ...{ name, required, choices, initial, kind: choices ? "choice" : kindOf(property) },
    ...{ title: textOr(title, name), description: textOr(description, "") },
    ...{ min: minimum ?? exclusiveMinimum, max: maximum ?? exclusiveMaximum, step: property.multipleOf },
    ...{ longest: property.maxLength, long: property.maxLength > LONG_TEXT },
  };
}

const textOr = (value, fallback) => (typeof value === "string" && value ? value : fallback);

function choicesOf(property) {
  if (Array.isArray(property.enum) && property.enum.length > 0) return property.enum.map((value) => ({ value, title: wordOf(value) }));
  const named = property.oneOf ?? property.anyOf;
  const all = Array.isArray(named) && named.length > 0 && named.every((each) => each && Object.hasOwn(each, "const"));
  return all ? named.map((each) => ({ value: each.const, title: textOr(each.title, wordOf(each.const)) })) : null;
}

const wordOf = (value) => (typeof value === "string" ? value : JSON.stringify(value));

// A type beside "null" is a field that may stay empty.
function kindOf({ type }) {
  const types = [type].flat().filter((each) => each !== "null");
  const [only] = types;
  return types.length === 1 && ["string", "number", "integer", "boolean"].includes(only) ? only : "json";
}

/** What was entered: {value} (undefined if nothing was), or {problem}. `raw` is a text, for booleans a boolean. */
export function readField(field, raw) {
  if (field.kind === "boolean") return { value: raw };
  if (raw.trim() === "") return field.required ? { problem: t("options.missing", { title: field.title }) } : { value: undefined };
  return READERS[field.kind](field, raw);
}

const READERS = {
  string: readText,
  number: readNumber,
  integer: readNumber,
  choice: ({ choices }, raw) => ({ value: choices[Number(raw)]?.value }),
  json: readJson,
};

function readText({ longest, title }, raw) {
  return raw.length > (longest ?? Infinity) ? { problem: t("options.too_long", { title, limit: number(longest) }) } : { value: raw };
}

function readNumber({ kind, title, min, max }, raw) {
  const value = Number(raw);
  if (Number.isNaN(value)) return { problem: t("options.no_number", { title }) };
  if (kind === "integer" && !Number.isInteger(value)) return { problem: t("options.no_integer", { title }) };
  if (value < (min ?? -Infinity)) return { problem: t("options.too_small", { title, limit: number(min) }) };
  if (value > (max ?? Infinity)) return { problem: t("options.too_big", { title, limit: number(max) }) };
  return { value };
}

function readJson({ title }, raw) {
  try {
    return { value: JSON.parse(raw) };
  } catch {
    return { problem: t("options.no_json", { title }) };
  }
}

/** What was entered, as it is told: ["Language: English", …], by the titles of the schema where it has them. */
export function tellOptions(schema, params) {
  const fields = new Map(fieldsOf(schema).map((field) => [field.name, field]));
  return Object.entries(params).map(([name, value]) => `${fields.get(name)?.title ?? name}: ${titleOf(fields.get(name), value)}`);
}

const titleOf = (field, value) => field?.choices?.find((each) => isSame(each.value, value))?.title ?? wordOf(value);

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** How a value stands in its field. */
export function rawOf(field, value) {
  if (field.kind === "boolean") return value === true;
  if (value === undefined || value === null) return "";
  if (field.kind === "choice") return String(field.choices.findIndex((each) => isSame(each.value, value))).replace("-1", "");
  return field.kind === "json" ? JSON.stringify(value, null, 2) : String(value);
}
