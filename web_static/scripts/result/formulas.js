/**
 * Formulas in Markdown: `$x$` and `\\(x\\)` within a line, `$$x$$` and `\\[x\\]` on their own. They become code of the
 * language "math", which `decorate.js` draws. Pure. The lengths are bounded, so that a sign without an end costs little.
 */
import { escaped } from "../lib/escape_markup.js";

const DISPLAY = /^\$\$([^$]{1,4000})\$\$|^\\\[([^]{1,4000}?)\\\]/;
// "$5 and $6" is no formula: its end neither follows a space nor precedes a digit.
const INLINE = /^\$(?![\s$])((?:\\.|[^$\\\n]){1,1000}?)(?<!\s)\$(?!\d)|^\\\(([^\n]{1,1000}?)\\\)/;
const START = /\$|\\[[(]/;

/**
 * Extensions of marked.
 * @type {any[]}
 */
export const formulas = [
  {
    name: "display_formula",
    level: "block",
    start: (text) => beginning(text, /\$\$|\\\[/),
    tokenizer: (text) => token("display_formula", DISPLAY.exec(text)),
    renderer: ({ text }) => `<pre><code class="language-math">${escaped(text)}</code></pre>`,
  },
  {
    name: "formula",
    level: "inline",
    start: (text) => beginning(text, START),
    tokenizer: (text) => token("formula", DISPLAY.exec(text) ?? INLINE.exec(text)),
    renderer: ({ text }) => `<code class="language-math">${escaped(text)}</code>`,
  },
];

function beginning(text, sign) {
  const index = text.search(sign);
  return index < 0 ? undefined : index;
}

const token = (type, found) => (found ? { type, raw: found[0], text: (found[1] ?? found[2]).trim() } : undefined);
