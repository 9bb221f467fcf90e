/** The main buttons: Run, and Cancel while a submit is pending or a request is open. */
import { announce } from "../lib/announce.js";
import { part, setAttribute, setText, show } from "../lib/dom.js";
import { IDLE, isCancellable, isCancelling } from "../request/request_state.js";
import { t } from "../lib/text.js";

const BUSY_WORDS = { sending: "form.sending", opening: "form.opening" };

/**
 * Mount both buttons; `update(request)` shows the one that applies. `onCancel()` is called to cancel a request,
 * `onStopWaiting()` to cancel a submit that has not been sent.
 */
export function mountRunBar(root, { onCancel, onStopWaiting, onFocusLost }) {
  const [run, cancel, shortcut, words] = /** @type {HTMLButtonElement[]} */ (["run", "cancel", "run-shortcut", "run-words"].map((name) => part(root, name)));
  /** @type {Json} */
  const state = { request: IDLE, waiting: false, offersShortcut: false, closed: null };

  // Two buttons, so that a press that arrives while one replaces the other triggers neither.
  function draw(onFocusGone) {
    const cancels = state.waiting || isCancellable(state.request);
    const losesFocus = document.activeElement === (cancels ? run : cancel);
    drawButtons(state.request);
    show(cancel, cancels);
    show(run, !cancels);
    show(shortcut, !cancels && state.offersShortcut);
    if (losesFocus) onFocusGone(cancels ? cancel : run);
  }

  function drawButtons(request) {
    const [busy, cancelling] = [BUSY_WORDS[request.phase], isCancelling(request)];
    setAttribute(run, "aria-disabled", busy || state.closed ? "true" : null);
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

  cancel.addEventListener("click", () => {
    cancel.focus(); // not every browser focuses a pressed button
    if (state.waiting) onStopWaiting();
    else onCancel();
  });
  setText(shortcut, t("form.keys", { key: /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl" }));
  run.disabled = false; // before this, a press would be lost
  return {
    update(request) {
      state.request = request;
      draw(onFocusLost);
    },
    /** Show the keyboard shortcut, which works in the prompt only. */
    offerShortcut(offered) {
      state.offersShortcut = offered;
      draw(onFocusLost);
    },
    /** Turn Run off and say why ("disabled" or "paused"); null turns it on. */
    close(reason) {
      if (reason === state.closed) return;
      state.closed = reason;
      setText(words, reason ? t(`form.closed_${reason}`) : "");
      draw(onFocusLost);
    },
    /** Show that the request waits for something before it is sent; `key` names the text. */
    wait: (key) => wait(true, key),
    /** Stop waiting; if nothing was sent, `key` names the text that says so. */
    endWait: (/** @type {string | null} */ key = null) => wait(false, key),
  };
}
