/** Bodies of calls as JSON: writes what the gateway can read, and reads values of workers unchanged. Pure. */
import { exactVersion, stringifyExact } from "../lib/exact_json.js";

// A worker or a program chose these values; everything else in a response is the gateway's own.
const FREE_VALUES = [["input", "params"], ["output", "data"], ["params_schema"]];
const ESCAPE = /\\(?:ud[89a-f][0-9a-f]{2}|.)/g;

/** Write a body. Half of a surrogate pair, which is not text, becomes U+FFFD. */
export const writeBody = (value) => stringifyExact(value).replace(ESCAPE, mended);

// JSON.stringify escapes only those surrogates whose other half is missing.
const mended = (escape) => (escape.startsWith("\\ud") ? "\ufffd" : escape);

/** Read a body; numbers in values of workers stay exact. Throws a SyntaxError if it is not JSON. */
export function readBody(text) {
  const body = JSON.parse(text);
  const free = FREE_VALUES.filter((path) => (at(body, path) ?? null) !== null);
  const exact = free.length > 0 ? exactVersion(text) : null;
  if (exact === null) return body;
  for (const path of free) at(body, path.slice(0, -1))[path[path.length - 1]] = at(exact, path);
  return body;
}

const at = (value, path) => path.reduce((inner, name) => inner?.[name], value);
