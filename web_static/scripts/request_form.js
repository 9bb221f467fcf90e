/** The prompt, its size, and the primary action: Run, and Cancel while a request waits or runs. */
import { part, setAttribute, setText, show } from "./dom.js";
import { size, utf8Bytes } from "./format.js";
import { isCancellable, isCancelling } from "./request_state.js";
import { t } from "./text.js";

const COUNT_FROM = 0.8; // of the limit
const BUSY_WORDS = { sending: "form.sending", opening: "form.opening" };

/**
 * Mount the form. `onSubmit(prompt)` hears valid prompts; `onDraft(text)` every change; `onCancel()` the
 * press of Cancel; `onFocusLost()` when one of the two goes while it has the focus.
 */
export function mountRequestForm(root, { onSubmit, onDraft, onCancel, onFocusLost }) {
  const [prompt, problem, count, run, cancel, keys] = ["prompt", "problem", "count", "run", "cancel", "keys"].map((name) => part(root, name));
  const state = { limit: null, busy: false, problem: null };

  function showProblem(words) {
    state.problem = words;
    setText(problem, words ?? "");
    setAttribute(prompt, "aria-invalid", words ? "true" : null);
    if (words) prompt.focus();
  }

  function submit() {
    if (state.busy) return;
    showProblem(problemOf(prompt.value, state.limit));
    if (state.problem === null) onSubmit(prompt.value.trim());
  }

  function changed() {
    if (state.problem !== null) showProblem(null);
    fitHeight(prompt);
    updateCount(count, prompt.value, state.limit);
    onDraft(prompt.value);
  }

  function update({ request, limit }) {
    const busy = BUSY_WORDS[request.phase] ?? null;
    Object.assign(state, { limit, busy: busy !== null || isCancellable(request) });
    setAttribute(run, "aria-disabled", busy ? "true" : null);
    setText(run, t(busy ?? "form.run"));
    updateCancel(request);
    updateCount(count, prompt.value, limit);
  }

  // Two buttons, so that a press that comes as one turns into the other does neither.
  function updateCancel(request) {
    const losesFocus = document.activeElement === (isCancellable(request) ? run : cancel);
    setAttribute(cancel, "aria-disabled", isCancelling(request) ? "true" : null);
    setText(cancel, t(isCancelling(request) ? "form.cancelling" : "form.cancel"));
    show(cancel, isCancellable(request));
    show(run, !isCancellable(request));
    show(keys, !isCancellable(request));
    show(part(root, "cancel-problem"), isCancellable(request) && Boolean(request.cancel?.failure));
    if (losesFocus) onFocusLost();
  }

  setText(keys, t("form.keys", { key: /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl" }));
  root.addEventListener("submit", (event) => (event.preventDefault(), submit()));
  cancel.addEventListener("click", () => (cancel.focus(), onCancel())); // not every browser focuses what is pressed
  prompt.addEventListener("input", changed);
  prompt.addEventListener("keydown", (event) => isRunKey(event) && (event.preventDefault(), submit()));
  return { update, showProblem, setText: (text) => ((prompt.value = text), changed()), focus: () => prompt.focus() };
}

// While an input method composes, Enter belongs to it.
const isRunKey = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing;

function problemOf(text, limit) {
  const prompt = text.trim();
  if (prompt === "") return t("form.empty");
  const over = limit === null ? 0 : utf8Bytes(prompt) - limit;
  return over > 0 ? t("form.too_large", { over: size(over), limit: size(limit) }) : null;
}

function updateCount(count, text, limit) {
  const used = limit === null ? 0 : utf8Bytes(text.trim());
  const near = limit !== null && used >= limit * COUNT_FROM;
  setText(count, near ? t("form.count", { used: size(used), limit: size(limit) }) : "");
  setAttribute(count, "data-tone", used > limit ? "bad" : null);
}

function fitHeight(prompt) {
  prompt.style.setProperty("height", "auto");
  prompt.style.setProperty("height", `${prompt.scrollHeight + 2}px`);
}
