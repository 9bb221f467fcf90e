import assert from "node:assert/strict";
import { test } from "node:test";

import { formulas } from "../../../web_static/scripts/result/formulas.js";

const [display, inline] = formulas;
const read = (extension, text) => extension.tokenizer(text)?.text;

test("formulas within a line have either pair of signs", () => {
  assert.equal(read(inline, "$x^2$ is"), "x^2");
  assert.equal(read(inline, "\\\\(a + b\\\\) is".replaceAll("\\\\", "\\")), "a + b");
});

test("formulas on their own have either pair of signs, and several lines", () => {
  assert.equal(read(display, "$$\na\n= b\n$$"), "a\n= b");
  assert.equal(read(display, String.raw`\[x\]`), "x");
});

test("amounts of money are no formulas", () => {
  for (const text of ["$5 and $6", "$5", "$ 5 $", "$a$1", "$$$"]) assert.equal(read(inline, text), undefined, text);
});

test("signs without an end cost little", () => {
  const hostile = ["$".repeat(40_000), String.raw`\[`.repeat(20_000), String.raw`\(`.repeat(20_000), "$a ".repeat(13_000)];
  const started = performance.now();
  for (const text of hostile) {
    for (let at = 0; at < text.length; at += 1) for (const each of formulas) each.tokenizer(text.slice(at, at + 5_000));
  }
  assert.ok(performance.now() - started < 20_000);
});
