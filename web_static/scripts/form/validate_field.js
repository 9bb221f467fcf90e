/** Checks what was entered into a field: {value} or {problem}. Pure. */
import { compareNumbers, exactNumberOf, parseExact, wholeOf } from "../lib/exact_json.js";
import { exactNumber, number } from "../lib/format.js";
import { matchesSimple } from "./simple_pattern.js";
import { t } from "../lib/text.js";

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Read a text. The worker checks it again, also against patterns that the page leaves to it. */
export function readText({ title, shortest = 0, longest = Infinity, pattern }, raw) {
  const letters = Array.from(raw).length;
  if (letters > longest) return problem("options.too_long", { title, count: longest, limit: number(longest) });
  if (letters < shortest) return problem("options.too_short", { title, count: shortest, limit: number(shortest) });
  const refused = pattern !== undefined && matchesSimple(pattern, raw) === false;
  return refused ? problem("options.no_match", { title, pattern }) : { value: raw };
}

/** Read a number; one that JavaScript would change stays as it was written. */
export function readNumber(field, raw) {
  const { kind, title, step } = field;
  const value = numberOf(raw.trim());
  if (Number.isNaN(Number(value))) return problem("options.no_number", { title });
  if (!Number.isFinite(Number(value))) return problem("options.out_of_range", { title });
  if (kind === "integer" && !isInteger(value)) return problem("options.no_integer", { title });
  const outside = outsideLimits(field, value);
  if (outside) return outside;
  if (!isMultiple(value, step)) return problem("options.no_multiple", { title, step: exactNumber(step) });
  return { value: kind === "integer" ? shortInteger(value) : value };
}

// JSON has no "+5", "007" and ".5".
function numberOf(text) {
  const written = text.replace(/^\+/, "").replace(/^(-?)0+(?=\d)/, "$1").replace(/^(-?)\./, "$10.");
  return JSON_NUMBER.test(written) ? exactNumberOf(written) : Number(text);
}

const isInteger = (value) => wholeOf(value) !== null || Number.isSafeInteger(Number(value)) || isLargePower(value);

// 1e30 is whole; 9007199254740993.5 only looks so in JavaScript.
const isLargePower = (value) => /e/i.test(String(value)) && Number.isInteger(Number(value));

// 5.0 is the whole number 5.
const shortInteger = (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

function outsideLimits({ title, min = -Infinity, max = Infinity, above = -Infinity, below = Infinity }, value) {
  if (compareNumbers(value, min) < 0) return problem("options.too_small", { title, limit: exactNumber(min) });
  if (compareNumbers(value, max) > 0) return problem("options.too_big", { title, limit: exactNumber(max) });
  if (compareNumbers(value, above) <= 0) return problem("options.not_above", { title, limit: exactNumber(above) });
  if (compareNumbers(value, below) >= 0) return problem("options.not_below", { title, limit: exactNumber(below) });
  return null;
}

// Fractions: as close as binary ones can be.
function isMultiple(value, step) {
  if (step === undefined) return true;
  const [whole, wholeStep] = [wholeOf(value), wholeOf(step)];
  if (whole !== null && wholeStep) return whole % wholeStep === 0n;
  const times = value / step;
  return Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
}

/** Read JSON. */
export function readJson({ title }, raw) {
  const read = parsed(raw);
  if (read === null) return problem("options.no_json", { title });
  return read.finite ? { value: read.value } : problem("options.out_of_range", { title });
}

function parsed(raw) {
  let finite = true;
  const check = (_, value) => {
    finite &&= value !== Infinity && value !== -Infinity;
    return value;
  };
  try {
    JSON.parse(raw, check);
    return { value: parseExact(raw), finite };
  } catch {
    return null;
  }
}

const problem = (key, values) => ({ problem: t(key, values) });
