/** Says that a session ended by itself, and offers the way back in. */
import { h } from "../lib/dom.js";
import { leave } from "./go_to_sign_in.js";
import { lostSession, onSessionChange, rememberLostSession } from "../session/session.js";
import { t } from "../lib/text.js";

/** Show a notice above the page's content for as long as a session is lost. */
export function mountLostSession(main = document.querySelector("main")) {
  const notice = h("div", { class: "notice above-page", "data-tone": "warn", role: "status" });
  main.before(notice);
  const draw = () => update(notice, lostSession());
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
  again.addEventListener("click", () => leave("signIn", again));
  const dismiss = h("button", { class: "button is-small", type: "button" }, t("sign_in.go_on_without"));
  dismiss.addEventListener("click", () => rememberLostSession(null));
  return h("div", { class: "notice-actions" }, again, dismiss);
}
