/** A text as safe Markdown; a very long one is folded until the user unfolds it. */
import { h, setText, show } from "../lib/dom.js";
import { size, utf8Bytes } from "../lib/format.js";
import { t } from "../lib/text.js";

const FOLDED = 8_000; // characters
// Characters; longer text is shown as plain text. Text that is still being written is parsed again with every piece.
const MOST_MARKDOWN = 40_000;
const MOST_WHILE_WRITTEN = 12_000;

/** Mount it; `update(text, final)` draws a text, which may grow while it is not final. */
export function mountLongText() {
  const body = h("div", { class: "prose plain-text" });
  const unfold = h("button", { class: "button is-small", type: "button", hidden: true });
  const root = h("div", { class: "long-text" }, body, unfold);
  let shown = { text: "", final: false };
  let open = false;
  let drawings = 0;

  function update(text, final) {
    if (shown.text === text && shown.final === final) return;
    if (!text.startsWith(shown.text)) open = false; // another answer
    shown = { text, final };
    draw();
  }

  // While the text is being written, its end matters most: nothing is folded.
  function draw() {
    const { text, final } = shown;
    const folded = final && !open && text.length > FOLDED * 1.25;
    const most = final ? MOST_MARKDOWN : MOST_WHILE_WRITTEN;
    const drawing = (drawings += 1);
    showText(body, folded ? text.slice(0, FOLDED) : text, { most, final, isWanted: () => drawing === drawings });
    body.toggleAttribute("data-folded", folded);
    show(unfold, folded);
    setText(unfold, t("result.show_all", { size: size(utf8Bytes(text)) }));
  }

  unfold.addEventListener("click", () => {
    open = true;
    draw();
    body.setAttribute("tabindex", "-1");
    body.focus();
  });
  return { root, update };
}

// The sanitiser loads with the first answer; until then, or if it cannot load, the text is shown as plain text.
async function showText(body, text, { most, final, isWanted }) {
  if (body.classList.contains("plain-text")) setText(body, text);
  const module = text.length > most || text === "" ? null : await loadMarkdown();
  if (!isWanted()) return;
  const fragment = module && rendered(module, text);
  body.classList.toggle("plain-text", fragment === null);
  if (fragment === null) setText(body, text);
  else showFragment(body, fragment, final);
}

function showFragment(body, fragment, final) {
  const isPlain = !final || fragment.querySelector("code") === null;
  body.replaceChildren(fragment);
  if (!isPlain) import("./decorate.js").then(({ decorate }) => decorate(body), () => undefined); // without it, code is plain
}

// Text nested deeper than the parser's stack (a model that repeats "- " endlessly) is shown as plain text rather than
// cut off, and so is text that would hold the page up (`bounded_work.js`).
function rendered(module, text) {
  try {
    return module.renderMarkdown(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** @type {Promise<Json | null> | null} */
let loaded = null;

function loadMarkdown() {
  loaded ??= import("./markdown.js").catch(() => (loaded = null));
  return loaded;
}
