/** Sends the browser to the sign-in page, to sign in or out; shows a notice where that page cannot be reached. */
import { announce } from "../lib/announce.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/text.js";

/** @type {HTMLElement | null} */
let notice = null;
let isLeaving = false;

/**
 * Go to sign in; `button` is disabled until the page changes or the attempt fails.
 * @param {HTMLElement | null} button
 */
export const goToSignIn = (button = null) => leave("signIn", button);

/** Go to sign out. */
export const goToSignOut = () => leave("signOut");

/**
 * @param {"signIn" | "signOut"} action
 * @param {HTMLElement | null} button
 */
async function leave(action, button = null) {
  if (isLeaving) return;
  isLeaving = true;
  button?.setAttribute("aria-disabled", "true");
  try {
    const actions = await import("../session/sign_in.js");
    await actions[action]();
    notice?.remove();
  } catch {
    showUnreachable();
  }
  // eslint-disable-next-line require-atomic-updates -- only the call that set it gets here
  isLeaving = false;
  button?.removeAttribute("aria-disabled");
}

// Emptying the announcement first makes screen readers repeat the same words at every failed attempt.
function showUnreachable() {
  notice ??= h("div", { class: "notice page-notice", "data-tone": "bad" }, h("p", {}, t("sign_in.unreachable")));
  document.querySelector("main")?.before(notice);
  announce("");
  announce(t("sign_in.unreachable"));
}
