/**
 * Text that comes by polls is shown word by word until the next poll is due. Pure.
 *
 * A flow is {text, from, at, until}: of `text`, `from` characters were shown when it came `at`; all are `until`. Times
 * are milliseconds. What an earlier poll brought is shown at the latest when the next one brings more.
 */

/** A flow without text. */
export const NO_FLOW = Object.freeze({ text: "", from: 0, at: 0, until: 0 });

const MOST_MS = 2000; // slower words would look like a model that hesitates
// Up to the end of a word; scripts without spaces between words are shown character by character.
const REST_OF_WORD = /[^\s\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}]{0,24}/uy;

/** The flow after a text was received; `until` is when the next poll is due, or null to show all at once. */
export function flowTo(flow, text, { now, until }) {
  if (until === null) return flow.text === text && flow.until <= now ? flow : { text, from: text.length, at: now, until: now };
  if (flow.text === text) return flow;
  const from = text.startsWith(flow.text) ? flow.text.length : text.length; // another attempt's text is not new to the reader
  return { text, from, at: now, until: Math.min(until, now + MOST_MS) };
}

/** Whether there is more to show later. */
export const isFlowing = ({ text, from, until }, now) => from < text.length && now < until;

/** The text to show at a time. */
export function flowingText(flow, now) {
  const { text, from, at, until } = flow;
  if (!isFlowing(flow, now)) return text;
  const share = (now - at) / (until - at);
  return text.slice(0, endOfWord(text, from + Math.floor((text.length - from) * share)));
}

function endOfWord(text, index) {
  REST_OF_WORD.lastIndex = index;
  REST_OF_WORD.test(text);
  const end = Math.max(index, REST_OF_WORD.lastIndex);
  return isLowSurrogate(text.charCodeAt(end)) ? end + 1 : end;
}

const isLowSurrogate = (unit) => unit >= 0xdc00 && unit <= 0xdfff;
