/** The form fields for a worker's JSON Schema of `params`, and the values entered into them. Pure and total. */
import { canonicalJson, isNumber, stringifyExact } from "../lib/exact_json.js";
import { readJson, readNumber, readText } from "./validate_field.js";
import { resolveProperty } from "./resolve_property.js";
import { t } from "../lib/text.js";

const LONG_TEXT = 120; // maximum length from which a text field gets several lines
const KINDS = ["string", "number", "integer", "boolean"];

/**
 * The fields of a schema: {name, kind, title, description, initial, required, nullable, choices, long} and their
 * limits (`min`, `max`, `above`, `below`, `step`; `shortest`, `longest`, `pattern`). Malformed keywords of a
 * schema are ignored.
 */
export function fieldsOf(schema) {
  const required = new Set(Array.isArray(schema?.required) ? schema.required : []);
  return Object.entries(Object(schema?.properties)).map(([name, property]) => fieldOf(name, resolveProperty(property, schema), required.has(name)));
}

function fieldOf(name, property, required) {
  const { title, description, default: initial, nullable } = property;
  const choices = choicesOf(property);
  return {
    ...{ name, required, nullable, choices, initial, kind: choices ? "choice" : kindOf(property) },
    ...{ title: textOr(title, textOr(name, JSON.stringify(name))), description: textOr(description, "") },
    ...limitsOf(property),
    ...{ long: Number(countIn(property.maxLength)) > LONG_TEXT },
  };
}

// In old drafts of JSON Schema, the exclusive limits are flags beside the others.
function limitsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength, pattern }) {
  const above = exclusiveMinimum === true ? minimum : exclusiveMinimum;
  const below = exclusiveMaximum === true ? maximum : exclusiveMaximum;
  const step = numberIn(multipleOf);
  return {
    ...{ min: numberIn(minimum), max: numberIn(maximum), above: numberIn(above), below: numberIn(below) },
    ...{ step: Number(step) > 0 ? step : undefined, shortest: countIn(minLength), longest: countIn(maxLength) },
    pattern: typeof pattern === "string" ? pattern : undefined,
  };
}

const numberIn = (value) => (isNumber(value) && Number.isFinite(Number(value)) ? value : undefined);

const countIn = (value) => (numberIn(value) === undefined ? undefined : Number(value));

const textOr = (value, fallback) => (typeof value === "string" && value.trim() ? value : fallback);

// A nullable flag has three states, which a check box cannot show.
function choicesOf(property) {
  const values = valuesOf(property)?.filter((value) => !(property.nullable && value === null));
  if (values?.length > 0) return values.map((value) => ({ value, title: wordOf(value) }));
  const named = [property.oneOf, property.anyOf].find(Array.isArray) ?? [];
  const all = named.length > 0 && named.every((each) => Object.hasOwn(Object(each), "const"));
  return all ? named.map((each) => ({ value: each.const, title: textOr(each.title, wordOf(each.const)) })) : null;
}

function valuesOf(property) {
  if (Array.isArray(property.enum)) return property.enum;
  if (Object.hasOwn(property, "const")) return [property.const];
  return property.nullable && kindOf(property) === "boolean" ? [true, false] : null;
}

function wordOf(value) {
  if (value === null) return "–";
  if (typeof value === "boolean") return t(value ? "options.yes" : "options.no");
  return typeof value === "string" ? value : stringifyExact(value);
}

function kindOf({ type }) {
  const types = [type].flat().filter((each) => each !== "null");
  return types.length === 1 && KINDS.includes(types[0]) ? types[0] : "json";
}

/** What was entered: {value} (undefined if nothing was), or {problem}. `raw` is a text, for booleans a boolean. */
export function readField(field, raw) {
  if (field.kind === "boolean") return { value: raw };
  return raw.trim() === "" ? readNothing(field) : READERS[field.kind](field, raw);
}

// An empty field takes the worker's default; it is null if a default was cleared, or null must be stated.
function readNothing({ title, required, nullable, initial }) {
  if (nullable && (required || (initial !== undefined && initial !== null))) return { value: null };
  return required ? { problem: t("options.missing", { title }) } : { value: undefined };
}

const READERS = {
  string: readText,
  number: readNumber,
  integer: readNumber,
  choice: ({ choices }, raw) => ({ value: choices[Number(raw)]?.value }),
  json: readJson,
};

/** The values as words, with the titles of the schema where it has them: ["Language: English", …]. */
export function optionWords(schema, params) {
  const fields = new Map(fieldsOf(schema).map((field) => [field.name, field]));
  return Object.entries(params).map(([name, value]) => `${fields.get(name)?.title ?? name}: ${titleOf(fields.get(name), value)}`);
}

const titleOf = (field, value) => field?.choices?.[choiceIndex(field, value)]?.title ?? wordOf(value);

function choiceIndex({ choices }, value) {
  const wanted = canonicalJson(value);
  return choices?.findIndex((each) => canonicalJson(each.value) === wanted) ?? -1;
}

/** A value as its input element holds it. */
export function toInputValue(field, value) {
  if (field.kind === "boolean") return value === true;
  if (value === undefined || value === null) return "";
  if (field.kind === "choice") return String(choiceIndex(field, value)).replace("-1", "");
  return field.kind === "json" ? stringifyExact(value, 2) : String(value);
}
