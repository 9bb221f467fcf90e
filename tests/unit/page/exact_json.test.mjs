import assert from "node:assert/strict";
import { test } from "node:test";

import { readBody, writeBody } from "../../../web_static/scripts/api/body_json.js";
import { ExactNumber, compareNumbers, exactNumberOf, isSameJson, parseExact, stringifyExact } from "../../../web_static/scripts/lib/exact_json.js";
import { formatJson } from "../../../web_static/scripts/result/format_json.js";

const CHANGED = [
  "9007199254740993",
  "-6687881544318117707",
  "18446744073709551616",
  `1${"0".repeat(400)}`,
  "1.0",
  "0.50",
  "-0",
  "-0.0",
  "1e400",
  "1e-400",
  "1E2",
  "1e21",
  "0.1234567890123456789",
  "3.141592653589793238462643383279",
  "0.00000001",
];
const UNCHANGED = ["0", "7", "-3", "0.1", "2.25", "9007199254740991", "1e+21", "1e-7"];
const OTHER = [
  'null',
  '"1.0 is text"',
  '"\\"quoted\\" \\\\ \\u0000 \\ud83d"',
  '{"__proto__":{"a":1.0},"constructor":[],"":{}}',
  "[[],{},[{}],true,false]",
];

for (const text of [...CHANGED, ...UNCHANGED, ...OTHER]) {
  const nested = `{"a":[${text}]}`;

  test(`${text.slice(0, 40)} is read and written as it was`, () => {
    assert.equal(stringifyExact(parseExact(text)), text);
    assert.equal(stringifyExact(parseExact(nested)), nested);
    assert.equal(stringifyExact(parseExact(nested), 2), `{\n  "a": [\n    ${stringifyExact(parseExact(text), 2).replaceAll("\n", "\n    ")}\n  ]\n}`);
  });
}

for (const text of UNCHANGED) {
  test(`${text} is a plain number`, () => assert.equal(typeof parseExact(text), "number"));
}

for (const text of ["", "{", "[1,]", "01", "1.", "NaN", "'a'", '"\\"', "1.0.0", "--1.0"]) {
  test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => parseExact(text), SyntaxError));
}

test("the last of two values of one name counts", () => {
  assert.equal(stringifyExact(parseExact('{"a":1,"a":9007199254740993}')), '{"a":9007199254740993}');
});

const LARGE = {
  "many empty objects": `[1.0,${"{},".repeat(400_000)}0]`,
  "many numbers": `[${"1.50,".repeat(400_000)}0]`,
  "a long text": `[1.0,"${"x".repeat(8_000_000)}"]`,
  "a text of backslashes": `[1.0,"${String.raw`\\`.repeat(2_000_000)}"]`,
  "many texts": `[1.0,${'"1.0",'.repeat(400_000)}0]`,
};
for (const [name, text] of Object.entries(LARGE)) {
  test(`${name} are read and written as they were`, () => assert.ok(stringifyExact(parseExact(text)) === text));
}

test("deeply nested values can be read", () => {
  assert.doesNotThrow(() => parseExact(`${"[".repeat(5000)}1.0${"]".repeat(5000)}`));
});

test("an exact number calculates like the nearest number of JavaScript", () => {
  assert.ok(new ExactNumber("2.50") > 2);
  assert.equal(new ExactNumber("2.50") * 2, 5);
  assert.equal(`${new ExactNumber("2.50")}`, "2.50");
});

const ORDER = [
  ["18446744073709551616", "18446744073709551615", 1],
  ["9007199254740992", "9007199254740993", -1],
  ["9007199254740993", "9007199254740993", 0],
  ["1.0", "1", 0],
  ["1e400", "1", 1],
  ["-0", "0", 0],
];
for (const [one, other, sign] of ORDER) {
  test(`${one} compared with ${other} is ${sign}`, () => {
    assert.equal(Math.sign(compareNumbers(exactNumberOf(one), exactNumberOf(other))), sign);
  });
}

const SAME = [
  ['{"a":1.0}', '{"a":1}', true],
  ['{"a":1e2}', '{"a":100}', true],
  ['{"a":9007199254740993}', '{"a":9007199254740993}', true],
  ['{"a":9007199254740993}', '{"a":9007199254740992}', false],
  ['{"a":"1.0"}', '{"a":1.0}', false],
  ['{"a":null}', '{"a":0}', false],
];
for (const [one, other, same] of SAME) {
  test(`${one} and ${other} are ${same ? "the same" : "different"}`, () => {
    assert.equal(isSameJson(parseExact(one), parseExact(other)), same);
  });
}

test("a response keeps the numbers of workers, and has plain numbers of its own", () => {
  const text = '{"timeout":120.0,"input":{"params":{"seed":6687881544318117707}},"output":{"text":null,"data":[1.0]},"params_schema":{"maximum":18446744073709551615}}';
  const { timeout, input, output, params_schema: schema } = readBody(text);

  assert.equal(timeout, 120);
  assert.equal(String(input.params.seed), "6687881544318117707");
  assert.equal(String(output.data[0]), "1.0");
  assert.equal(String(schema.maximum), "18446744073709551615");
});

for (const text of ["{}", "[]", "null", "1", '{"input":null,"output":{"data":null}}', '{"output":{"data":-0}}']) {
  test(`any response can be read: ${text}`, () => assert.equal(stringifyExact(readBody(text)), text));
}

const BODIES = [
  [{ prompt: "half \ud83d" }, '{"prompt":"half \ufffd"}'],
  [{ prompt: "\ude00 other half" }, '{"prompt":"\ufffd other half"}'],
  [{ prompt: "whole \u{1f600}" }, '{"prompt":"whole \u{1f600}"}'],
  [{ prompt: "\\ud83d is text" }, String.raw`{"prompt":"\\ud83d is text"}`],
  [{ "\udc00": ["\ud800\ud800"] }, '{"\ufffd":["\ufffd\ufffd"]}'],
  [{ tab: "\t\u0000" }, String.raw`{"tab":"\t\u0000"}`],
  [{ params: { seed: new ExactNumber("6687881544318117707") } }, '{"params":{"seed":6687881544318117707}}'],
];
for (const [value, text] of BODIES) {
  test(`a body is sent as ${text}`, () => assert.equal(writeBody(value), text));
}

test("data is laid out with its numbers unchanged", () => {
  const data = parseExact('{"id":9007199254740993,"one":1.0,"deep":[0.5,{"x":18446744073709551616}]}');

  assert.equal(formatJson(data), '{\n  "id": 9007199254740993,\n  "one": 1.0,\n  "deep": [0.5, { "x": 18446744073709551616 }]\n}');
});
