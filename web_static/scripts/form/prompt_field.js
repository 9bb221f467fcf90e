/** The prompt, with its size and limit. */
import { part, setAttribute, setText, show } from "../lib/dom.js";
import { size, utf8Bytes } from "../lib/format.js";
import { t } from "../lib/text.js";

const COUNT_FROM = 0.8; // of the limit

/** Mount the field; `onChange()` is called after every change, `onRun()` for the keyboard shortcut. */
export function mountPromptField(root, { onChange, onRun }) {
  const prompt = /** @type {HTMLTextAreaElement} */ (part(root, "prompt"));
  const [problem, count] = ["problem", "count"].map((name) => part(root, name));
  const state = { limit: null, bytesOf: utf8Bytes, problem: null };

  function showProblem(words) {
    state.problem = words;
    setText(problem, words ?? "");
    setAttribute(prompt, "aria-invalid", words ? "true" : null);
    if (words) prompt.focus();
  }

  function changed() {
    if (state.problem !== null) showProblem(null);
    fitHeight(prompt);
    updateCount(count, prompt.value, state);
    onChange();
  }

  prompt.addEventListener("input", changed);
  prompt.addEventListener("keydown", (event) => isRunKey(event) && (event.preventDefault(), onRun()));
  return {
    showProblem,
    text: () => prompt.value,
    /** Set the text; a text that differs only in surrounding white space stays, with its caret. */
    setText(text) {
      if (prompt.value.trim() !== text) prompt.value = text;
      changed();
    },
    focus: () => prompt.focus(),
    isShown: () => !part(root, "prompt-field").hidden,
    check({ optional }) {
      showProblem(problemOf(prompt.value, state, optional));
      return state.problem === null;
    },
    /** Show or hide the field; `bytesOf(text)` is what counts towards the limit. */
    update({ shown, limit, optional, bytesOf }) {
      Object.assign(state, { limit, bytesOf });
      show(part(root, "prompt-field"), shown);
      show(part(root, "prompt-optional"), optional);
      updateCount(count, prompt.value, state);
    },
  };
}

// While an input method is composing, Enter belongs to it.
const isRunKey = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing;

function problemOf(text, { limit, bytesOf }, optional) {
  const prompt = text.trim();
  if (prompt === "") return optional ? null : t("form.empty");
  const over = limit === null ? 0 : bytesOf(prompt) - limit;
  return over > 0 ? t("form.too_large", { over: size(over), limit: size(limit) }) : null;
}

function updateCount(count, text, { limit, bytesOf }) {
  const used = limit === null ? 0 : bytesOf(text.trim());
  const near = limit !== null && used >= limit * COUNT_FROM;
  setText(count, near ? t("form.count", { used: size(used), limit: size(limit) }) : "");
  setAttribute(count, "data-tone", used > limit ? "bad" : null);
}

function fitHeight(prompt) {
  prompt.style.setProperty("height", "auto");
  prompt.style.setProperty("height", `${prompt.scrollHeight + 2}px`);
}
