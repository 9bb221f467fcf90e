/**
 * Bounds the work of marked. In hostile text, two of its searches read the rest of the text again and again, so that
 * their time grows with the square of the length: the search for the end of an emphasis, if there is none, and, at
 * each sign within a long word, the search for the "@" of an email address. What they read is counted.
 */

// Characters. A text of 40,000 that people or models write needs some ten thousand.
const MOST_WORK = 5_000_000;

const LETTER = /[\p{L}\p{N}]$/u;
const WORD = /^[\w.!#$%&'*+/=?`{|}~-]+/;

// A "_" within a word begins no emphasis, so no end is looked for.
const mayBegin = (text, before) => text.startsWith("*") || (text.startsWith("_") && !LETTER.test(before));

/** Parsing this text takes too long. */
export class TooMuchWork extends RangeError {}

/**
 * Return an extension of marked that throws `TooMuchWork` instead of holding the page up.
 * @returns {import("../../vendor/marked.js").MarkedExtension}
 */
export function boundedWork(Tokenizer) {
  let work = 0;

  function spend(characters) {
    work += characters;
    if (work > MOST_WORK) throw new TooMuchWork();
  }

  return {
    hooks: {
      preprocess(text) {
        work = 0;
        return text;
      },
    },
    tokenizer: {
      emStrong(text, masked, before) {
        const token = Tokenizer.prototype.emStrong.call(this, text, masked, before);
        if (!token && mayBegin(text, before)) spend(text.length);
        return token;
      },
      inlineText(text) {
        spend(WORD.exec(text)?.[0].length ?? 0);
        return false; // as marked does
      },
    },
  };
}
