/** The account menu in the page's header: sign in, sign out, and the administration. */
import { h } from "../lib/dom.js";
import { closeWhenLeft } from "../lib/icon_button.js";
import { loadWithRetry } from "../lib/lazy_part.js";
import { goToSignIn, goToSignOut } from "./go_to_sign_in.js";
import { mountSessionExpired } from "./session_expired.js";
import { currentUser, isAdministrator, onSessionChange } from "../session/session.js";
import { siteConfig } from "../lib/site_config.js";
import { t } from "../lib/text.js";

/** Mount the menu; it stays empty if the gateway has no sign-in. */
export async function mountAccountMenu(root) {
  const { auth } = await loadWithRetry(siteConfig);
  if (auth === null) return;
  const draw = () => root.replaceChildren(menuOf(currentUser()));
  onSessionChange(draw);
  closeWhenLeft(root);
  mountSessionExpired();
  draw();
}

const menuOf = (user) => (user === null ? signInButton() : userMenu(user));

function signInButton() {
  return action("button is-small", t("sign_in.sign_in"), (button) => goToSignIn(button));
}

function userMenu({ name }) {
  const administration = h("a", { class: "account-item", href: "./admin.html" }, t("sign_in.administration"));
  const signOut = action("account-item", t("sign_in.sign_out"), () => goToSignOut());
  const items = [isAdministrator() ? administration : null, signOut];
  const summary = h("summary", { class: "button is-small", "aria-label": t("sign_in.account_of", { name }) }, h("span", { class: "account-name" }, name));
  return h("details", { class: "account" }, summary, h("div", { class: "account-menu" }, ...items));
}

function action(className, words, act) {
  const button = h("button", { class: className, type: "button" }, words);
  button.addEventListener("click", () => act(button));
  return button;
}
