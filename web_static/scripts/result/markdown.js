/**
 * Makes a worker's Markdown safe. The text is hostile: raw HTML is shown as text, the output of marked passes a
 * strict allow-list, and remote pictures become links, because loading one would tell its server who reads the
 * answer.
 */
import { Marked, Tokenizer } from "../../vendor/marked.js";
import DOMPurify from "../../vendor/purify.js";
import { escaped } from "../lib/escape_markup.js";
import { boundedWork } from "./bounded_work.js";
import { formulas } from "./formulas.js";

const LANGUAGE = /^language-[\w+#.-]{1,24}$/;
const COLOUR = /^hljs-[a-z_ -]{1,40}$/; // of a library of the page
const MARKS = "p br hr h4 h5 h6 ul ol li blockquote pre code em strong del a table thead tbody tr th td";
const RULES = {
  ALLOWED_TAGS: MARKS.split(" "),
  ALLOWED_ATTR: ["href", "start", "rel", "target", "align", "class"],
  ADD_URI_SAFE_ATTR: ["align", "start"],
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

// The page's own headings use the first three levels; those of an answer continue below them.
const headingLevel = (depth) => Math.min(6, depth + 3);

const marked = new Marked(boundedWork(Tokenizer), { extensions: formulas }, {
  gfm: true,
  renderer: {
    heading({ tokens, depth }) {
      return `<h${headingLevel(depth)}>${this.parser.parseInline(tokens)}</h${headingLevel(depth)}>`;
    },
    html: ({ raw }) => escaped(raw),
    image: ({ href, text }) => `<a href="${escaped(href)}">${escaped(text || href)}</a>`,
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
});

const purify = DOMPurify(window);
// The only classes are the language of code, by which it is decorated later, and its colours.
purify.addHook("uponSanitizeAttribute", (element, attribute) => {
  if (attribute.attrName === "class") attribute.keepAttr = isLanguage(element, attribute) || COLOUR.test(attribute.attrValue);
});
purify.addHook("afterSanitizeAttributes", (element) => {
  if (element.localName !== "a" || !element.hasAttribute("href")) return;
  element.setAttribute("rel", "noopener noreferrer nofollow");
  element.setAttribute("target", "_blank");
});

const isLanguage = ({ localName }, { attrValue }) => localName === "code" && LANGUAGE.test(attrValue);

/** Return a fragment of markup that a library of the page made from hostile text; `rules` are DOMPurify's. */
export const sanitize = (markup, rules) => purify.sanitize(markup, { ...rules, RETURN_DOM_FRAGMENT: true });

/**
 * Return a fragment that shows the Markdown.
 * @throws {RangeError} it is nested too deeply, or parsing it takes too long
 */
export function renderMarkdown(text) {
  return purify.sanitize(marked.parse(text, { async: false }), RULES);
}
