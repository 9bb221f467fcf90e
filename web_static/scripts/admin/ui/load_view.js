/** Shows the result of a call: while it loads, when it arrives, and when it fails. */
import { h } from "../../lib/dom.js";
import { GatewayError } from "../../api/gateway_call.js";
import { poll } from "../../api/poll.js";
import { t } from "../../lib/text.js";
import { errorNotice } from "./error_notice.js";

const PLACEHOLDERS = 3;

/** Load once and draw; an error offers to try again. Resolves when something is drawn. */
export async function showLoaded(root, { load, draw, signal }) {
  showLoading(root);
  try {
    const answer = await load(signal);
    if (!signal.aborted) settle(root, [draw(answer)].flat());
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof GatewayError)) throw error;
    settle(root, [errorNotice(error, () => showLoaded(root, { load, draw, signal }))]);
  }
}

/**
 * Poll and draw while the page is visible. If a poll fails, an error notice appears above the last data. Returns
 * `pollNow()`.
 */
export function showLive(root, { load, draw, signal }) {
  /** @type {{ answer: any } | null} */
  let known = null;
  let shown = "";
  showLoading(root);

  /** @param {Error | null} trouble */
  function update(trouble = null) {
    const wanted = JSON.stringify([known, trouble?.message]);
    if (wanted === shown && trouble === null) return;
    shown = wanted;
    const drawn = known === null ? [] : [draw(known.answer)].flat();
    keepFocus(root, () => settle(root, trouble ? [errorNotice(trouble, pollNow), ...drawn] : drawn));
  }

  const pollNow = poll({
    load,
    onResponse: (answer) => {
      known = { answer };
      update();
    },
    onError: (error) => {
      update(error);
      return true;
    },
    signal,
  });
  return pollNow;
}

/** Returns a function that gives a new signal at each call; it aborts with `signal`, or at the next call. */
export function makeTurns(signal) {
  let turn = new AbortController();

  return () => {
    turn.abort();
    turn = new AbortController();
    return AbortSignal.any([signal, turn.signal]);
  };
}

/** Redraw; focus returns to the element with the same `data-focus`, and open `details` stay open. */
export function keepFocus(root, redraw) {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const focused = active && root.contains(active) ? active.dataset.focus : null;
  const open = Array.from(root.querySelectorAll("details[open][data-focus]"), (each) => each.dataset.focus);
  redraw();
  for (const details of root.querySelectorAll("details[data-focus]")) details.open = open.includes(details.dataset.focus);
  if (focused) root.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

function showLoading(root) {
  root.setAttribute("aria-busy", "true");
  const bars = Array.from({ length: PLACEHOLDERS }, () => h("div", { class: "placeholder", "aria-hidden": "true" }));
  root.replaceChildren(h("p", { class: "visually-hidden", role: "status" }, t("site.loading")), ...bars);
}

function settle(root, content) {
  root.setAttribute("aria-busy", "false");
  root.replaceChildren(...content);
}
