import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldsOf, toInputValue, readField } from "../../../web_static/scripts/form/params_schema.js";
import { english } from "./language.mjs";

const SCHEMA = {
  type: "object",
  required: ["steps"],
  properties: {
    steps: { type: "integer", minimum: 1, maximum: 50, title: "Steps" },
    heat: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 2.5, multipleOf: 0.25, title: "Heat" },
    name: { type: "string", minLength: 2, maxLength: 5, pattern: "^[a-z]+$", title: "Name" },
    stop: { type: "array", title: "Stop words" },
  },
};
const FIELDS = Object.fromEntries(fieldsOf(SCHEMA).map((field) => [field.name, field]));

const PROBLEMS = [
  ["steps", "", "“Steps” is required."],
  ["steps", "0", "“Steps” must be at least 1."],
  ["steps", "51", "“Steps” must be at most 50."],
  ["steps", "1.5", "“Steps” must be a whole number."],
  ["steps", "many", "“Steps” must be a number."],
  ["heat", "0", "“Heat” must be more than 0."],
  ["heat", "2.5", "“Heat” must be less than 2.5."],
  ["heat", "0.7", "“Heat” must be a multiple of 0.25."],
  ["name", "abcdef", "“Name” can have at most 5 characters."],
  ["name", "x", "“Name” must have at least 2 characters."],
  ["name", "Anna", "“Name” must match the pattern ^[a-z]+$."],
  ["stop", "[a", "“Stop words” must be JSON, such as [1, 2] or text in quotes."],
];
for (const [name, raw, problem] of PROBLEMS) {
  test(`${name} does not accept ${JSON.stringify(raw)}`, english, () => {
    assert.deepEqual(readField(FIELDS[name], raw), { problem });
  });
}

const VALUES = [
  ["steps", "50", 50],
  ["heat", "2.25", 2.25],
  ["heat", "", undefined],
  ["name", "abc", "abc"],
  ["stop", '["a", 1]', ["a", 1]],
];
for (const [name, raw, value] of VALUES) {
  test(`${name} reads ${JSON.stringify(raw)}`, () => {
    assert.deepEqual(readField(FIELDS[name], raw), { value });
  });
}

test("a value survives the way into its field and back", () => {
  for (const [name, , value] of VALUES) assert.deepEqual(readField(FIELDS[name], toInputValue(FIELDS[name], value)), { value });
});

test("a nullable field that was emptied is null", () => {
  const [field] = fieldsOf({ properties: { seed: { anyOf: [{ type: "integer" }, { type: "null" }], default: 5 } } });

  assert.equal(field.kind, "integer");
  assert.deepEqual(readField(field, ""), { value: null });
});

test("a pattern that could keep the page busy is left to the worker", () => {
  const [field] = fieldsOf({ properties: { name: { type: "string", pattern: "^(a+)+$" } } });
  const raw = `${"a".repeat(40)}b`;

  assert.deepEqual(readField(field, raw), { value: raw });
});

const LOOP = { a: { $ref: "#/$defs/A" }, b: { anyOf: [{ $ref: "#/properties/b" }, { type: "null" }] } };
const ODD = [
  null,
  "text",
  {},
  { type: "object" },
  { properties: { a: null } },
  { properties: { a: {} }, required: true },
  { properties: { a: true, b: [], c: "text", d: { type: 7, title: {} } } },
  { properties: { a: { minimum: "x", maxLength: {}, pattern: "(", type: "string" } } },
  { properties: { a: { enum: 3, oneOf: "x", anyOf: {}, allOf: [null] } } },
  { properties: { a: { $ref: 5 }, b: { $ref: "#/gone/x" }, c: { $ref: "https://x/y" } } },
  { properties: LOOP, $defs: { A: { $ref: "#/$defs/A" } } },
  { properties: { a: { type: "number", multipleOf: 0, exclusiveMinimum: true } } },
];
for (const schema of ODD) {
  test(`an odd schema still gives usable fields: ${JSON.stringify(schema)}`, () => {
    for (const field of fieldsOf(schema)) {
      assert.equal(typeof field.title, "string");
      assert.doesNotThrow(() => readField(field, field.kind === "boolean" ? true : "1"));
    }
  });
}
