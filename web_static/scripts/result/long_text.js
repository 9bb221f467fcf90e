/** A text as safe Markdown; a very long one is folded until somebody wants it all. */
import { h, setText, show } from "../lib/dom.js";
import { size, utf8Bytes } from "../lib/format.js";
import { t } from "../lib/text.js";

const FOLDED = 8_000; // letters
// Letters; longer text is shown as it came. A hostile one takes the parser a time that grows with the square
// of its length, and what is still written is parsed anew with every piece.
const MOST_MARKDOWN = 40_000;
const MOST_WHILE_WRITTEN = 12_000;

/** Mount it; `update(text, final)` draws a text, which may grow while it is not final. */
export function mountLongText() {
  const body = h("div", { class: "prose plain-text" });
  const unfold = h("button", { class: "button is-small", type: "button" });
  const root = h("div", { class: "long-text" }, body, unfold);
  let shown = { text: null, final: null };
  let open = false;

  function update(text, final) {
    if (shown.text === text && shown.final === final) return;
    if (!text.startsWith(shown.text ?? "")) open = false; // another answer
    shown = { text, final };
    draw();
  }

  // While it is written, its end is what matters: nothing is folded.
  function draw() {
    const { text, final } = shown;
    const folded = final && !open && text.length > FOLDED * 1.25;
    const most = final ? MOST_MARKDOWN : MOST_WHILE_WRITTEN;
    showText(body, folded ? text.slice(0, FOLDED) : text, { most, isWanted: () => shown.text === text && shown.final === final });
    body.toggleAttribute("data-folded", folded);
    show(unfold, folded);
    setText(unfold, t("result.show_all", { size: size(utf8Bytes(text)) }));
  }

  unfold.addEventListener("click", () => ((open = true), draw(), body.setAttribute("tabindex", "-1"), body.focus()));
  return { root, update };
}

// The sanitiser is loaded with the first answer; until then, and if it cannot be, the text stands as it came.
async function showText(body, text, { most, isWanted }) {
  if (body.classList.contains("plain-text")) setText(body, text);
  const module = text.length > most || text === "" ? null : await loadMarkdown();
  if (!isWanted()) return;
  const fragment = module && rendered(module, text);
  body.classList.toggle("plain-text", fragment === null);
  if (fragment === null) setText(body, text);
  else body.replaceChildren(fragment);
}

// What is nested deeper than the parser's stack (a model that repeats "- " for ever) is better plain than cut off.
function rendered({ renderMarkdown }, text) {
  try {
    return renderMarkdown(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

let loaded = null;

function loadMarkdown() {
  loaded ??= import("./markdown.js").catch(() => (loaded = null));
  return loaded;
}
