import assert from "node:assert/strict";
import { test } from "node:test";

import { matchesSimple } from "../../../web_static/scripts/form/simple_pattern.js";

const MOST_MS = 100;
const TEXT = `${"a".repeat(199)}b`;

const CHECKED = [
  ["^[a-z]+$", "anna", true],
  ["^[a-z]+$", "Anna", false],
  ["^#[0-9a-fA-F]{6}$", "#12ab3", false],
  [String.raw`^\d{4}-\d{2}-\d{2}$`, "2026-11-28", true],
  ["^[a-z][a-z0-9_]*$", "snake_case", true],
  [String.raw`\.wav$`, "song.mp3", false],
  ["^.{2,5}$", "é😀", true],
  [String.raw`^[\w.\-]+@[\w.]+$`, "a.b@c.d", true],
  ["", "anything", true],
];
for (const [pattern, text, matches] of CHECKED) {
  test(`${pattern} is checked: ${text} ${matches ? "fits" : "does not fit"}`, () => assert.equal(matchesSimple(pattern, text), matches));
}

const LEFT_TO_THE_WORKER = [
  `^${"a{0,200}".repeat(7)}$`,
  "(a|a)".repeat(36),
  "^(a+)+$",
  "^(a|b|ab)*c$",
  "^a?a?a?a?a?a?a?a?b$",
  "a*a*$",
  "^a*?a*?a*?b$",
  "^(?:a{1,50}){1,50}$",
  "^(en|de)$",
  String.raw`^(a)\1$`,
  "^(?=a)a$",
  String.raw`\p{L}`,
  "[a&&b]]",
  "(",
  "a{2,1}",
  "[z-a]",
  "x".repeat(501),
];
for (const pattern of LEFT_TO_THE_WORKER) {
  test(`${pattern.slice(0, 40)} is left to the worker`, () => assert.equal(matchesSimple(pattern, TEXT), null));
}

test("a long text is left to the worker", () => assert.equal(matchesSimple("^a*$", "a".repeat(201)), null));

const SLOWEST = [
  "^a{0,200}a{0,200}$",
  "^a*a*c$",
  `a*${"a".repeat(400)}c`,
  `a{0,999}${"a{9}".repeat(90)}c`,
  `^.*.*${"[ab]".repeat(120)}c$`,
  `${"\\".repeat(499)}a`,
  "[".repeat(500),
  `[${"\\-".repeat(240)}`,
];
for (const pattern of SLOWEST) {
  test(`${pattern.slice(0, 40)} takes no time`, () => {
    const before = performance.now();

    matchesSimple(pattern, TEXT);

    assert.ok(performance.now() - before < MOST_MS, `${performance.now() - before} ms`);
  });
}
