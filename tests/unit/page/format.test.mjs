import assert from "node:assert/strict";
import { test } from "node:test";

import { duration, number, roughDuration, size } from "../../../web_static/scripts/lib/format.js";
import { formatJson } from "../../../web_static/scripts/result/format_json.js";
import { english } from "./language.mjs";

const DURATIONS = [
  [0.001, "under 0.01 s"],
  [0.05, "0.05 s"],
  [1.26, "1.3 s"],
  [9.96, "10 s"],
  [75, "1 min 15 s"],
  [120, "2 min"],
  [3720, "1 h 2 min"],
  [260_000, "3 days"],
];
for (const [seconds, words] of DURATIONS) test(`${seconds} s is ${words}`, english, () => assert.equal(duration(seconds), words));

test("a counter has no fractions and never runs below zero", english, () => {
  assert.equal(roughDuration(4.4), "4 s");
  assert.equal(roughDuration(-3), "0 s");
});

test("sizes and numbers are written for people", english, () => {
  assert.deepEqual([size(1), size(1023), size(1536), size(1024 * 1024)], ["1 byte", "1023 bytes", "1.5 KB", "1 MB"]);
  assert.equal(number(12_345), "12,345");
});

test("data that fits on a line stands on one", () => {
  assert.equal(formatJson({ label: "cat", box: [1, 2] }), '{ "label": "cat", "box": [1, 2] }');
  assert.equal(formatJson([]), "[]");
});

test("longer data is indented, and reads back as it was", () => {
  const data = { words: Array.from({ length: 30 }, (_, index) => ({ word: `word ${index}`, at: [index, index] })) };

  assert.ok(formatJson(data).includes('\n    { "word": "word 0", "at": [0, 0] },\n'));
  assert.deepEqual(JSON.parse(formatJson(data)), data);
});

test("large data has one line an entry", () => {
  const entries = Array.from({ length: 3000 }, (_, index) => ({ label: `word ${index}`, box: [index, index, index, index] }));

  assert.equal(formatJson(entries).split("\n").length, entries.length + 2);
});

test("deep data is not read again by every level", () => {
  assert.ok(readsAt(150) < 2 * readsAt(0));
});

function readsAt(depth) {
  let reads = 0;
  const numbers = Array.from({ length: 2000 }, (_, index) => index);
  const countedRead = (list, key) => {
    reads += 1;
    return list[key];
  };
  let data = new Proxy(numbers, { get: countedRead });
  for (let level = 0; level < depth; level += 1) data = { a: data, b: 1 };
  formatJson(data);
  return reads;
}
