/**
 * JSON that changes no number. JavaScript has only binary fractions of 64 bits, so `JSON.parse` would turn
 * 9007199254740993 into …992; a number that JavaScript would write differently is an `ExactNumber` here.
 *
 * Such numbers pass through the browser's own parser as strings with a random mark. `JSON.parse` with a reviver, and
 * parsers written in JavaScript, take several times as long and would freeze the page for large data.
 */

const MARK = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const MARKED = new RegExp(`"${MARK}([^"]*)"`, "g");
const QUOTE_OR_NUMBER = /"|-?\d[\d.eE+-]*/g;

/** A number as it was written. Compares and calculates like the nearest number that JavaScript has. */
export class ExactNumber {
  /** @param {string} source a number in JSON */
  constructor(source) {
    this.source = source;
  }

  toString() {
    return this.source;
  }

  valueOf() {
    return Number(this.source);
  }

  toJSON() {
    return MARK + this.source;
  }
}

/**
 * A number from its text in JSON: a plain one if JavaScript would write it the same.
 * @param {string} source
 */
export const exactNumberOf = (source) => (isExactIn(source) ? new ExactNumber(source) : Number(source));

const isExactIn = (source) => String(Number(source)) !== source;

/**
 * Parse JSON. Throws a SyntaxError if it is not valid.
 * @param {string} text
 */
export function parseExact(text) {
  const value = JSON.parse(text);
  return exactVersion(text) ?? value;
}

/**
 * Parse valid JSON that has a number which JavaScript would change; null if it has none.
 * @param {string} text
 */
export function exactVersion(text) {
  const marked = markNumbers(text);
  return marked === null ? null : unmark(JSON.parse(marked));
}

/**
 * Write a value as JSON.
 * @param {any} value
 * @param {number} [indent] spaces
 */
export const stringifyExact = (value, indent) => withExactNumbers(JSON.stringify(value, null, indent));

/** Put the exact numbers into what `JSON.stringify` has written. */
export const withExactNumbers = (json) => json.replace(MARKED, "$1");

/** Write each number that JavaScript would change as a marked string; null if there is none. */
function markNumbers(text) {
  let marked = "";
  const tokens = new RegExp(QUOTE_OR_NUMBER);
  let from = 0;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    if (token[0] === '"') tokens.lastIndex = endOfString(text, token.index);
    else if (isExactIn(token[0])) {
      marked += `${text.slice(from, token.index)}"${MARK}${token[0]}"`;
      from = tokens.lastIndex;
    }
  }
  return from === 0 ? null : marked + text.slice(from);
}

// Not with one expression for a whole string: long ones would exceed the stack of some browsers.
function endOfString(text, start) {
  let end = start;
  do end = text.indexOf('"', end + 1);
  while (isEscaped(text, end));
  return end + 1;
}

function isEscaped(text, index) {
  let before = index;
  while (text[before - 1] === "\\") before -= 1;
  return (index - before) % 2 === 1;
}

// Without recursion: data may be nested deeper than the stack.
function unmark(value) {
  const root = { value };
  const left = [root];
  for (let holder = left.pop(); holder; holder = left.pop()) {
    for (const key of Object.keys(holder)) {
      const inner = holder[key];
      if (typeof inner === "object" && inner !== null) left.push(inner);
      else if (isMarked(inner)) replaceValue(holder, key, new ExactNumber(inner.slice(MARK.length)));
    }
  }
  return root.value;
}

const isMarked = (value) => typeof value === "string" && value.startsWith(MARK);

function replaceValue(holder, key, value) {
  if (key !== "__proto__") holder[key] = value;
  else Object.defineProperty(holder, key, { value, configurable: true, enumerable: true, writable: true });
}

const isExact = (value) => value instanceof ExactNumber;

/** Whether a value is a number, exact or not. */
export const isNumber = (value) => typeof value === "number" || isExact(value);

/** A text that two values share if they are the same, in whatever way their numbers are written: 1.0 is 1. */
export const canonicalJson = (value) => JSON.stringify(value, canonicalNumber);

/** Whether two values are the same, in whatever way their numbers are written. */
export const isSameJson = (one, other) => canonicalJson(one) === canonicalJson(other);

/**
 * Compare two numbers: negative, 0 or positive. Whole numbers are compared exactly.
 * @param {number | ExactNumber} one
 * @param {number | ExactNumber} other
 */
export function compareNumbers(one, other) {
  const [first, second] = [wholeOf(one), wholeOf(other)];
  if (first === null || second === null) return Number(one) - Number(other);
  return Number(first > second) - Number(first < second);
}

/**
 * A whole number as a BigInt; null if it has a fraction or an exponent.
 * @param {number | ExactNumber} value
 */
export function wholeOf(value) {
  const text = String(value);
  return /^-?\d+$/.test(text) ? BigInt(text) : null;
}

/** @this {any} */
function canonicalNumber(key, value) {
  const held = this[key]; // `value` is what toJSON returned
  if (!isExact(held)) return value;
  const isLarge = wholeOf(held) !== null && !Number.isSafeInteger(Number(held));
  return isLarge ? { exact: held.source } : Number(held);
}
