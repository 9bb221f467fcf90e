/** Shows what a call gives: while it loads, when it came, and when it did not. */
import { h } from "../../lib/dom.js";
import { GatewayError } from "../../api/gateway_call.js";
import { keepAsking } from "../../api/poll.js";
import { t } from "../../lib/text.js";
import { troubleNotice } from "./error_notice.js";

const PLACEHOLDERS = 3;

/** Ask once and draw; trouble offers to try again. Resolves when something is drawn. */
export async function showLoaded(root, { ask, draw, signal }) {
  showLoading(root);
  try {
    const answer = await ask(signal);
    if (!signal.aborted) settle(root, [draw(answer)].flat());
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof GatewayError)) throw error;
    settle(root, [troubleNotice(error, () => showLoaded(root, { ask, draw, signal }))]);
  }
}

/** Ask again and again while somebody looks; what was last known stays under a notice of trouble. Returns `askNow()`. */
export function showLive(root, { ask, draw, signal }) {
  let known = null;
  let shown = "";
  showLoading(root);

  function update(trouble = null) {
    const wanted = JSON.stringify([known, trouble?.message]);
    if (wanted === shown && trouble === null) return;
    shown = wanted;
    const drawn = known === null ? [] : [draw(known.answer)].flat();
    keepFocus(root, () => settle(root, trouble ? [troubleNotice(trouble, askNow), ...drawn] : drawn));
  }

  const askNow = keepAsking({
    ask: (turn) => ask(turn),
    onAnswer: (answer) => ((known = { answer }), update()),
    onTrouble: (error) => (update(error), true),
    signal,
  });
  return askNow;
}

/** Gives a signal at each call; it ends with `signal`, or at the next call. */
export function makeTurns(signal) {
  let turn = new AbortController();

  return () => {
    turn.abort();
    turn = new AbortController();
    return AbortSignal.any([signal, turn.signal]);
  };
}

// Redraw: the element with the same `data-focus` gets the focus back, an open `details` stays open.
function keepFocus(root, redraw) {
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  const open = Array.from(root.querySelectorAll("details[open][data-focus]"), (each) => each.dataset.focus);
  redraw();
  for (const details of root.querySelectorAll("details[data-focus]")) details.open = open.includes(details.dataset.focus);
  if (focused) root.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

function showLoading(root) {
  root.setAttribute("aria-busy", "true");
  const bars = Array.from({ length: PLACEHOLDERS }, () => h("div", { class: "placeholder", "aria-hidden": "true" }));
  root.replaceChildren(h("p", { class: "only-heard", role: "status" }, t("site.loading")), ...bars);
}

function settle(root, content) {
  root.setAttribute("aria-busy", "false");
  root.replaceChildren(...content);
}
