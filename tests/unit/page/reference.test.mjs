import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { findOperations, GROUP_ORDER, operationsOf } from "../../../web_static/scripts/reference/read_description.js";
import { exampleOf, fieldsOf, shapeOf } from "../../../web_static/scripts/reference/read_schema.js";

const served = JSON.parse(readFileSync(new URL("../../../functions/spaces/handlers/routes/openapi.json", import.meta.url), "utf8"));
const schemas = (given) => ({ components: { schemas: given } });
const ref = (name) => ({ $ref: `#/components/schemas/${name}` });

test("every call of the served document is read, in a group that is shown", () => {
  const operations = operationsOf(served);
  const count = Object.values(served.paths).flatMap((item) => Object.keys(item)).length;

  assert.equal(operations.length, count);
  assert.equal(new Set(operations.map(({ id }) => id)).size, count);
  for (const { group, callers } of operations) {
    assert.ok(GROUP_ORDER.includes(group) && group !== "other", group);
    assert.ok(callers.length > 0);
  }
});

test("a call has its parameters by place, its body with nested fields, its answers and its errors", () => {
  const submit = operationsOf(served).find(({ id }) => id === "submitRequest");
  const input = submit.body.fields.find(({ name }) => name === "input");

  assert.deepEqual(submit.parameters.map(({ name, place, required }) => [name, place, required]), [["space", "path", true], ["Idempotency-Key", "header", false], ["Prefer", "header", false]]);
  assert.ok(input.fields.some(({ name }) => name === "prompt"));
  assert.deepEqual(submit.body.example, { input: { prompt: "Hello?" } });
  assert.deepEqual(submit.callers, ["anyone", "apiKey"]);
  assert.equal(submit.answers.find(({ status }) => status === "202").words, "", "a description that repeats the summary");
  assert.match(submit.answers.find(({ status }) => status === "429").words, /queue_full/);
});

test("the events of a stream are fields of its answer", () => {
  const stream = operationsOf(served).find(({ id }) => id === "streamRequest");
  const [content] = stream.answers[0].content;

  assert.deepEqual(content.events.map(({ name }) => name), ["status", "text", "delta", "restart", "done"]);
  assert.equal(content.example, undefined);
});

test("a search finds paths, words, fields at any depth, and errors", () => {
  const operations = operationsOf(served);
  const ids = (query) => findOperations(operations, query).map(({ id }) => id);

  assert.deepEqual(ids("IDEMPOTENCY-key submit"), ["submitRequest", "submitRequestAsMe"]);
  assert.ok(ids("upload_id").includes("submitRequest"));
  assert.ok(ids("idempotency_key_reused").includes("submitRequest"));
  assert.equal(ids(" ").length, operations.length);
  assert.deepEqual(ids("no such words"), []);
});

test("shapes are written as TypeScript writes them", () => {
  assert.equal(shapeOf({ anyOf: [{ type: "string" }, { type: "null" }] }), "string | null");
  assert.equal(shapeOf({ type: "array", items: ref("File") }), "File[]");
  assert.equal(shapeOf({ type: "array", items: { enum: ["a", "b"] } }), '("a" | "b")[]');
  assert.equal(shapeOf({ type: "object", additionalProperties: { type: "string" } }), "{ [name]: string }");
  assert.equal(shapeOf({}), "any");
});

test("a schema that contains itself ends", () => {
  const document = schemas({ Tree: { type: "object", properties: { leaf: { type: "string" }, inner: { type: "array", items: ref("Tree") } } } });
  const [leaf, inner] = fieldsOf(document, ref("Tree"));

  assert.deepEqual([leaf.name, inner.name, inner.fields], ["leaf", "inner", []]);
  assert.deepEqual(exampleOf(document, ref("Tree")), { leaf: "…", inner: [null] });
});

test("an example takes what the schema gives, or a value of its type", () => {
  const document = schemas({});
  const properties = { a: { examples: ["x"], type: "string" }, b: { type: "integer" }, c: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] }, d: { enum: ["q"] }, e: {} };

  assert.deepEqual(exampleOf(document, { type: "object", properties }), { a: "x", b: 0, c: "2026-11-22T10:00:00Z", d: "q", e: null });
});
