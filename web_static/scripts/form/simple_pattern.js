/**
 * Decides which patterns of a worker's schema the page may run. A pattern comes from a stranger and runs on the
 * page's only thread, where nothing can stop it: `(a+)+$` or `a{0,200}a{0,200}…` would freeze the tab. Pure.
 */

const LONGEST_PATTERN = 500; // characters
const LONGEST_TEXT = 200; // characters

// Single characters, each with at most one quantifier. Without groups and alternatives, the only choice in a match is
// how often to repeat.
const ATOM = String.raw`(?:\\[dDwWsS]|\\[^\w\s]|\[\^?(?:\\[dDwWsS]|\\[^\w\s]|[^\\[\]])+\]|[^\\^$.*+?()[\]{}|]|\.)`;
const QUANTIFIER = String.raw`(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})\??`;
const SIMPLE = new RegExp(`^\\^?(?:${ATOM}(?:${QUANTIFIER})?)*\\$?$`, "u");
const STEP = new RegExp(`${ATOM}(${QUANTIFIER})?`, "gu");

/**
 * Whether a text matches a pattern; null if the page must not run it, or it is not valid in JavaScript.
 * @param {string} pattern
 * @param {string} text
 */
export function matchesSimple(pattern, text) {
  if (text.length > LONGEST_TEXT || !isSimple(pattern)) return null;
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return null;
  }
}

// With two repetitions after ^, or one anywhere, the time of a match is at most cubic in the length of the text.
function isSimple(pattern) {
  if (pattern.length > LONGEST_PATTERN || !SIMPLE.test(pattern)) return false;
  const quantifiers = Array.from(pattern.matchAll(STEP), ([, quantifier]) => quantifier);
  return quantifiers.filter(isVariable).length <= (pattern.startsWith("^") ? 2 : 1);
}

// `{3}` leaves no choice.
const isVariable = (quantifier) => quantifier !== undefined && !/^\{\d+\}/.test(quantifier);
