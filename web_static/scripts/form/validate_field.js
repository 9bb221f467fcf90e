/** Checks what was entered into a field: {value} or {problem}. Pure. */
import { exactNumber, number } from "../lib/format.js";
import { t } from "../lib/text.js";

const LONGEST_MATCHED = 200; // characters
const GROUP_REPEATED = /\)[*+?{]|\\[1-9k]/;
const UNBOUNDED = /[*+]|\{\d*,\}/g;

/** Read a text. */
export function readText({ title, shortest = 0, longest = Infinity, pattern }, raw) {
  const letters = Array.from(raw).length;
  if (letters > longest) return problem("options.too_long", { title, count: longest, limit: number(longest) });
  if (letters < shortest) return problem("options.too_short", { title, count: shortest, limit: number(shortest) });
  return isMatch(pattern, raw) ? { value: raw } : problem("options.no_match", { title, pattern });
}

// A pattern comes from a worker and must not freeze the page: patterns that could are left to the worker to check.
function isMatch(pattern, raw) {
  if (pattern === undefined || raw.length > LONGEST_MATCHED) return true;
  if (GROUP_REPEATED.test(pattern) || (pattern.match(UNBOUNDED) ?? []).length > 2) return true;
  try {
    return new RegExp(pattern, "u").test(raw);
  } catch {
    return true; // not a valid pattern in JavaScript
  }
}

/** Read a number. */
export function readNumber(field, raw) {
  const { kind, title, step } = field;
  const value = Number(raw);
  if (Number.isNaN(value)) return problem("options.no_number", { title });
  if (kind === "integer" && !Number.isInteger(value)) return problem("options.no_integer", { title });
  const outside = outsideLimits(field, value);
  if (outside) return outside;
  return isMultiple(value, step) ? { value } : problem("options.no_multiple", { title, step: exactNumber(step) });
}

function outsideLimits({ title, min = -Infinity, max = Infinity, above = -Infinity, below = Infinity }, value) {
  if (value < min) return problem("options.too_small", { title, limit: exactNumber(min) });
  if (value > max) return problem("options.too_big", { title, limit: exactNumber(max) });
  if (value <= above) return problem("options.not_above", { title, limit: exactNumber(above) });
  if (value >= below) return problem("options.not_below", { title, limit: exactNumber(below) });
  return null;
}

// As close as binary fractions can be.
function isMultiple(value, step) {
  const times = step === undefined ? 0 : value / step;
  return Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
}

/** Read JSON. */
export function readJson({ title }, raw) {
  try {
    return { value: JSON.parse(raw) };
  } catch {
    return problem("options.no_json", { title });
  }
}

const problem = (key, values) => ({ problem: t(key, values) });
