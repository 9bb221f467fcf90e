/** Leaves for the sign-in page, to sign in or out; where it cannot be reached, everybody is told. */
import { announce } from "../lib/announce.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/text.js";

let notice = null;
let leaving = false;

/** Go: `way` is "signIn" or "signOut"; `button` is off for as long as it takes. */
export async function leave(way, button = null) {
  if (leaving) return;
  leaving = true;
  button?.setAttribute("aria-disabled", "true");
  try {
    const ways = await import("../session/sign_in.js");
    await ways[way]();
    notice?.remove();
  } catch {
    showTrouble();
  }
  leaving = false;
  button?.removeAttribute("aria-disabled");
}

// Seen above the page's content, and heard again at every try.
function showTrouble() {
  notice ??= h("div", { class: "notice above-page", "data-tone": "bad" }, h("p", {}, t("sign_in.unreachable")));
  document.querySelector("main").before(notice);
  announce("");
  announce(t("sign_in.unreachable"));
}
