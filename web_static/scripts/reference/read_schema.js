/** Reads a JSON Schema of an OpenAPI document into fields, shapes and examples. Pure. */

const FACTS = ["const", "default", "format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"];
const PREFIX = "#/components/schemas/";
const EXAMPLES = { string: "…", integer: 0, number: 0.5, boolean: true, null: null };

/** A field: {name, required, shape, words, facts, fields}; `facts` are [keyword, value as JSON]. */
export function fieldOf(document, name, schema = {}, required = false, seen = []) {
  const facts = FACTS.filter((fact) => schema[fact] !== undefined).map((fact) => [fact, JSON.stringify(schema[fact])]);
  return { name, required: Boolean(required), shape: shapeOf(schema), words: schema.description ?? "", facts, fields: fieldsOf(document, schema, seen) };
}

/** The fields of an object, of the items of a list, or of the alternatives of a choice; none of a schema that contains itself. */
export function fieldsOf(document, schema, seen = []) {
  if (schema.$ref) return seen.includes(schema.$ref) ? [] : fieldsOf(document, resolved(document, schema), [...seen, schema.$ref]);
  if (schema.items) return fieldsOf(document, schema.items, seen);
  const choice = schema.anyOf ?? schema.oneOf ?? [];
  if (choice.length > 0) return choice.flatMap((each) => fieldsOf(document, each, seen));
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, each]) => fieldOf(document, name, each, required.has(name), seen));
}

/** What a value may be, in the way that TypeScript writes it: `string | null`, `FileView[]`, `"a" | "b"`. */
export function shapeOf(schema) {
  if (schema.$ref) return nameOf(schema);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice) return [...new Set(choice.map(shapeOf))].join(" | ");
  return schema.type === "array" ? listOf(shapeOf(schema.items ?? {})) : plainShape(schema);
}

const listOf = (shape) => (shape.includes(" | ") ? `(${shape})[]` : `${shape}[]`);

function plainShape({ type = "any", additionalProperties: values }) {
  return type === "object" && values?.type ? `{ [name]: ${shapeOf(values)} }` : [type].flat().join(" | ");
}

/** An example of a schema's value: as it says, or made from its types; undefined if it says nothing. */
export function exampleOf(document, schema, seen = []) {
  if (schema.$ref) return seen.includes(schema.$ref) ? null : exampleOf(document, resolved(document, schema), [...seen, schema.$ref]);
  const choice = schema.anyOf ?? schema.oneOf;
  return givenExample(schema) ?? (choice ? exampleOf(document, choice[0], seen) : madeExample(document, schema, seen));
}

const givenExample = ({ examples = [], const: only, default: usual, enum: values = [] }) => [...examples, only, usual, ...values].find((each) => each !== undefined && each !== null);

function madeExample(document, { type, items = {}, format, properties }, seen) {
  if (type === "array") return [exampleOf(document, items, seen)];
  if (format === "date-time") return "2026-11-22T10:00:00Z";
  if (!properties) return type === "object" ? {} : EXAMPLES[type];
  return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, exampleOf(document, each, seen) ?? null]));
}

const nameOf = ({ $ref }) => $ref.slice(PREFIX.length);

const resolved = (document, { $ref }) => document.components.schemas[$ref.slice(PREFIX.length)] ?? {};
