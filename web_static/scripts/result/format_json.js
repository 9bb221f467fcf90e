/** Formats data as readable JSON: what fits on one line stays on one. Pure, and fast for any data. */
import { isNumber, stringifyExact, withExactNumbers } from "../lib/exact_json.js";

const LINE = 64; // characters
const MOST_LAID_OUT = 100_000; // characters; larger data gets one line per entry
const DEEPEST_INDENT = 40; // spaces

/**
 * Format a value as JSON.
 * @param {any} value
 * @param {number} [enough] characters after which the rest is left out
 */
export function formatJson(value, enough = Infinity) {
  const isLarge = isLonger(value, MOST_LAID_OUT);
  if (isLarge && !isNested(value)) return stringifyExact(value);
  const out = makeOutput(enough);
  if (isLarge) writeNested(value, "", out, (each) => out.write(JSON.stringify(each)));
  else layOut(value, "", out);
  return out.text();
}

// Whether the JSON has more characters, apart from escapes. Does not read on when it knows.
function isLonger(value, most) {
  const waiting = [[value].values()];
  let length = 0;
  while (waiting.length > 0 && length <= most) {
    const { value: each, done } = waiting[waiting.length - 1].next();
    if (done) waiting.pop();
    else if (isNested(each)) {
      length += 2;
      waiting.push((Array.isArray(each) ? each : Object.entries(each).flat()).values());
    } else length += String(each).length + 2;
  }
  return length > most;
}

// Joined once: joining at every level would copy deep data again and again.
function makeOutput(enough) {
  const pieces = [];
  let length = 0;
  return {
    write(...texts) {
      for (const text of texts) length += text.length;
      pieces.push(...texts);
    },
    isEnough: () => length > enough,
    text: () => withExactNumbers(pieces.join("")),
  };
}

function layOut(value, indent, out) {
  const flat = flatText(value, LINE - indent.length);
  if (flat === null && isNested(value)) writeNested(value, indent, out, layOut);
  else out.write(flat ?? stringifyExact(value));
}

function writeNested(value, indent, out, write) {
  const deeper = indent.length < DEEPEST_INDENT ? `${indent}  ` : indent;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  let before = `${open}\n${deeper}`;
  for (const key of Object.keys(value)) {
    if (out.isEnough()) return;
    out.write(before, nameOf(value, key));
    write(value[key], deeper, out);
    before = `,\n${deeper}`;
  }
  out.write(`\n${indent}${close}`);
}

// Null as soon as the text exceeds the room, so that no level reads all its children again.
function flatText(value, room) {
  if (!isNested(value)) return fitting(value, room);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{ ", " }"];
  const keys = Object.keys(value);
  if (keys.length === 0) return (open + close).replaceAll(" ", "");
  const parts = keys.length * ", ".length > room ? null : flatParts(value, keys, room - open.length - close.length);
  return parts && open + parts.join(", ") + close;
}

function flatParts(value, keys, room) {
  const parts = [];
  let left = room;
  for (const key of keys) {
    const name = nameOf(value, key);
    const flat = flatText(value[key], left - name.length);
    if (flat === null) return null;
    parts.push(name + flat);
    left -= name.length + flat.length + ", ".length;
  }
  return left + ", ".length < 0 ? null : parts;
}

function fitting(value, room) {
  if (typeof value === "string" && value.length > room) return null;
  const text = stringifyExact(value);
  return text.length > room ? null : text;
}

const nameOf = (value, key) => (Array.isArray(value) ? "" : `${stringifyExact(key)}: `);

const isNested = (value) => value !== null && typeof value === "object" && !isNumber(value);
