/** Decorates the Markdown of a finished answer: formulas, colours and a copy button for code. The libraries load when needed. */
import { copyButton } from "../lib/copy_button.js";
import { h } from "../lib/dom.js";
import { sanitize } from "./markdown.js";
import { t } from "../lib/text.js";

const MOST_CODE = 20_000; // characters; longer code keeps one colour
const MOST_FORMULA = 4_000;
const PREFIX = "language-";
const STYLE = / style="[^"]*"/g; // the page's policy allows none

/** Decorate what a fragment of `renderMarkdown` left in `body`. What a library cannot read stays as it is. */
export async function decorate(body) {
  const named = [...body.querySelectorAll(`code[class^="${PREFIX}"]`)];
  const isFormula = (code) => languageOf(code) === "math";
  const blocks = [...body.querySelectorAll("pre > code")].filter((code) => !isFormula(code));
  for (const code of blocks) addCopyButton(code);
  await Promise.all([drawFormulas(named.filter(isFormula)), colour(blocks.filter((code) => languageOf(code) !== ""))]);
}

const languageOf = ({ className }) => (className.startsWith(PREFIX) ? className.slice(PREFIX.length).toLowerCase() : "");

function addCopyButton(code) {
  const copy = copyButton(() => code.textContent, t("result.copy_code"));
  if (copy === null) return;
  const block = h("div", { class: "code-block" });
  code.parentElement.replaceWith(block);
  block.append(code.parentElement, copy);
}

async function drawFormulas(formulas) {
  if (formulas.length === 0) return;
  const { default: temml } = await import("../../vendor/temml.js");
  for (const code of formulas) {
    const block = code.parentElement.localName === "pre" ? code.parentElement : null;
    const drawn = code.textContent.length > MOST_FORMULA ? null : formula(temml, code.textContent, block !== null);
    if (drawn) (block ?? code).replaceWith(drawn);
  }
}

function formula(temml, text, displayMode) {
  try {
    const markup = temml.renderToString(text, { displayMode, throwOnError: true, maxExpand: 200 });
    return sanitize(markup.replace(STYLE, ""), { USE_PROFILES: { mathMl: true }, FORBID_ATTR: ["style", "href"] });
  } catch (error) {
    if (error instanceof temml.ParseError || error instanceof RangeError) return null;
    throw error;
  }
}

async function colour(blocks) {
  if (blocks.length === 0) return;
  const { default: hljs } = await import("../../vendor/highlight.js");
  for (const code of blocks) {
    const language = languageOf(code);
    if (code.textContent.length > MOST_CODE || !hljs.getLanguage(language)) continue;
    const { value } = hljs.highlight(code.textContent, { language, ignoreIllegals: true });
    code.replaceChildren(sanitize(value, { ALLOWED_TAGS: ["span"], ALLOWED_ATTR: ["class"] }));
  }
}
