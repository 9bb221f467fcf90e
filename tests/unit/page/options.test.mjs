import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldsOf, toInputValue, readField } from "../../../web_static/scripts/form/params_schema.js";
import { parseExact, stringifyExact } from "../../../web_static/scripts/lib/exact_json.js";
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

const NUMBERS = [
  ["integer", "6687881544318117707", "6687881544318117707"],
  ["integer", "-9007199254740993", "-9007199254740993"],
  ["integer", "+007", "7"],
  ["integer", "5.0", "5"],
  ["integer", "1e5", "100000"],
  ["integer", "1e30", "1e30"],
  ["integer", "9007199254740993.5", null],
  ["integer", "1e400", null],
  ["number", "0.1234567890123456789", "0.1234567890123456789"],
  ["number", "1.0", "1.0"],
  ["number", ".5", "0.5"],
  ["number", "-0", "-0"],
  ["number", "1e400", null],
  ["json", "[1.0, -0, 12345678901234567890, 0.10]", "[1.0,-0,12345678901234567890,0.10]"],
  ["json", "[1e400]", null],
];
for (const [type, raw, sent] of NUMBERS) {
  test(`${raw} in a field for ${type} is ${sent === null ? "refused" : `sent as ${sent}`}`, () => {
    const [field] = fieldsOf({ properties: { x: type === "json" ? {} : { type } } });
    const { value, problem } = readField(field, raw);

    assert.equal(sent === null ? value : stringifyExact(value), sent ?? undefined);
    assert.equal(problem === undefined, sent !== null);
  });
}

const LARGE_LIMITS = [
  ["9007199254740993", { minimum: "9007199254740993" }, true],
  ["9007199254740992", { minimum: "9007199254740993" }, false],
  ["18446744073709551615", { maximum: "18446744073709551615" }, true],
  ["18446744073709551616", { maximum: "18446744073709551615" }, false],
  ["18446744073709551615", { exclusiveMaximum: "18446744073709551615" }, false],
  ["9007199254740994", { multipleOf: "9007199254740994" }, true],
  ["9007199254740993", { multipleOf: "2" }, false],
];
for (const [raw, limits, fits] of LARGE_LIMITS) {
  test(`${raw} ${fits ? "fits" : "does not fit"} ${JSON.stringify(limits)}`, () => {
    const written = Object.entries(limits).map(([name, limit]) => `"${name}":${limit}`);
    const [field] = fieldsOf(parseExact(`{"properties":{"x":{"type":"integer",${written}}}}`));
    const read = readField(field, raw);

    assert.equal(String(read.value), fits ? raw : "undefined");
    assert.ok(fits || !/\d{4}/.test(read.problem) || read.problem.replace(/\D/g, "").endsWith(Object.values(limits)[0]));
  });
}

test("a default and a choice keep their numbers", () => {
  const [seed, tone] = fieldsOf(parseExact('{"properties":{"seed":{"type":"integer","default":9007199254740993},"tone":{"enum":[1.0,9007199254740993]}}}'));

  assert.equal(toInputValue(seed, seed.initial), "9007199254740993");
  assert.deepEqual(tone.choices.map(({ title }) => title), ["1.0", "9007199254740993"]);
  assert.equal(toInputValue(tone, 1), "0");
  assert.equal(toInputValue(tone, parseExact("9007199254740993")), "1");
  assert.equal(stringifyExact(readField(tone, "1").value), "9007199254740993");
});

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

test("a blank title is replaced by the name, and a blank name is quoted", () => {
  const fields = fieldsOf({ properties: { seed: { title: " \n " }, " ": {}, mood: { oneOf: [{ const: 1, title: " " }] } } });

  assert.deepEqual(fields.map(({ title }) => title), ["seed", '" "', "mood"]);
  assert.deepEqual(fields[2].choices, [{ value: 1, title: "1" }]);
});
