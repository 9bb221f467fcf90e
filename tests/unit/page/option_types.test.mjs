import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldsOf } from "../../../web_static/scripts/form/params_schema.js";
import { limitsOf, typeOf } from "../../../web_static/scripts/space/option_types.js";
import { english } from "./language.mjs";

const fieldOf = (property) => fieldsOf({ properties: { it: property } })[0];

test("a type is that of JSON Schema, and an enumeration its values", () => {
  assert.equal(typeOf(fieldOf({ type: "integer" })), "integer");
  assert.equal(typeOf(fieldOf({ enum: ["fast", 2] })), '"fast" | 2');
  assert.equal(typeOf(fieldOf({ anyOf: [{ type: "string" }, { type: "null" }] })), "string | null");
  assert.equal(typeOf(fieldOf({ type: "array" })), "json");
});

test("limits stand in signs", english, () => {
  assert.deepEqual(limitsOf(fieldOf({ type: "integer", minimum: 1, maximum: 8 })), ["≥ 1", "≤ 8"]);
  assert.deepEqual(limitsOf(fieldOf({ type: "number", exclusiveMinimum: 0, multipleOf: 0.5 })), ["> 0", "× 0.5"]);
  assert.deepEqual(limitsOf(fieldOf({ type: "string", maxLength: 5, pattern: "^a" })), ["length 0–5", "/^a/"]);
});
