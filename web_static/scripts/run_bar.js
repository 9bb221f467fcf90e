/** The primary action: Run, and Cancel while a request waits or runs. */
import { part, setAttribute, setText, show } from "./dom.js";
import { isCancellable, isCancelling } from "./request_state.js";
import { t } from "./text.js";

const BUSY_WORDS = { sending: "form.sending", opening: "form.opening" };

/** Mount both buttons; `update(request)` shows the one that fits. */
export function mountRunBar(root, { onCancel, onFocusLost }) {
  const [run, cancel, keys] = ["run", "cancel", "keys"].map((name) => part(root, name));
  let waiting = null;
  let phase = "idle";

  function update(request) {
    phase = request.phase;
    updateRun();
    updateCancel(request);
  }

  function updateRun() {
    const busy = BUSY_WORDS[phase] ?? waiting;
    setAttribute(run, "aria-disabled", busy ? "true" : null);
    setText(run, t(busy ?? "form.run"));
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

  cancel.addEventListener("click", () => (cancel.focus(), onCancel())); // not every browser focuses what is pressed
  run.disabled = false; // before, a press would have been lost
  return {
    update,
    /** `words` is the key of what is waited for, or null. */
    updateWaiting: (words) => ((waiting = words), updateRun()),
    keyWords: t("form.keys", { key: /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl" }),
  };
}
