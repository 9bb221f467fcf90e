/** Tells a user that their session expired, and offers to sign in again. */
import { h } from "../lib/dom.js";
import { goToSignIn } from "./go_to_sign_in.js";
import { expiredUser, onSessionChange, setExpiredUser } from "../session/session.js";
import { t } from "../lib/text.js";

/** Show a notice above the page's content while there is an expired session. */
export function mountSessionExpired(main = document.querySelector("main")) {
  const notice = h("div", { class: "notice page-notice", "data-tone": "warn", role: "status" });
  main?.before(notice);
  const draw = () => update(notice, expiredUser());
  onSessionChange(draw);
  draw();
}

function update(notice, name) {
  notice.hidden = name === null;
  if (name !== null) notice.replaceChildren(words(name), actions());
}

function words(name) {
  const title = h("p", { class: "notice-title" }, t("sign_in.lost"));
  return h("div", {}, title, h("p", {}, t("sign_in.lost_words", { name })));
}

function actions() {
  const again = h("button", { class: "button is-small", type: "button" }, t("sign_in.again"));
  again.addEventListener("click", () => goToSignIn(again));
  const dismiss = h("button", { class: "button is-small", type: "button" }, t("sign_in.go_on_without"));
  dismiss.addEventListener("click", () => setExpiredUser(null));
  return h("div", { class: "notice-actions" }, again, dismiss);
}
