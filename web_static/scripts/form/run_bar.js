/** The primary action: Run, and Cancel while something is waited for, or a request waits or runs. */
import { announce } from "../lib/announce.js";
import { part, setAttribute, setText, show } from "../lib/dom.js";
import { IDLE, isCancellable, isCancelling } from "../request/request_state.js";
import { t } from "../lib/text.js";

const BUSY_WORDS = { sending: "form.sending", opening: "form.opening" };

/**
 * Mount both buttons; `update(request)` shows the one that fits. `onCancel()` hears the press of Cancel
 * for a request, `onStopWaiting()` the one before anything was sent.
 */
export function mountRunBar(root, { onCancel, onStopWaiting, onFocusLost }) {
  const [run, cancel, keys, words] = ["run", "cancel", "keys", "run-words"].map((name) => part(root, name));
  const state = { request: IDLE, waiting: false, keysOffered: false };

  // Two buttons, so that a press that comes as one turns into the other does neither.
  function draw(onFocusGone) {
    const cancels = state.waiting || isCancellable(state.request);
    const losesFocus = document.activeElement === (cancels ? run : cancel);
    drawButtons(state.request);
    show(cancel, cancels);
    show(run, !cancels);
    show(keys, !cancels && state.keysOffered);
    if (losesFocus) onFocusGone(cancels ? cancel : run);
  }

  function drawButtons(request) {
    const [busy, cancelling] = [BUSY_WORDS[request.phase], isCancelling(request)];
    setAttribute(run, "aria-disabled", busy ? "true" : null);
    setText(run, t(busy ?? "form.run"));
    setAttribute(cancel, "aria-disabled", cancelling ? "true" : null);
    setText(cancel, t(cancelling ? "form.cancelling" : "form.cancel"));
    show(part(root, "cancel-problem"), isCancellable(request) && Boolean(request.cancel?.failure));
  }

  function wait(waiting, key) {
    state.waiting = waiting;
    setText(words, key ? t(key) : "");
    if (key) announce(t(key));
    draw((button) => button.focus());
  }

  cancel.addEventListener("click", () => (cancel.focus(), state.waiting ? onStopWaiting() : onCancel())); // not every browser focuses what is pressed
  setText(keys, t("form.keys", { key: /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl" }));
  run.disabled = false; // before, a press would have been lost
  return {
    update: (request) => ((state.request = request), draw(onFocusLost)),
    /** Offer the keys that run, where there is a field to press them in. */
    offerKeys: (offered) => ((state.keysOffered = offered), draw(onFocusLost)),
    /** Something has to come before the request is sent: `key` says what. */
    wait: (key) => wait(true, key),
    /** Nothing is waited for any more; where nothing was sent, `key` says so. */
    endWait: (key = null) => wait(false, key),
  };
}
