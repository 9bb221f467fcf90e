/** What to say of a space that the gateway does not show; the same whether it exists or not. */
import { h } from "../lib/dom.js";
import { leave } from "../site/go_to_sign_in.js";
import { isSignedIn } from "../session/session.js";
import { siteConfig } from "../lib/site_config.js";
import { t } from "../lib/text.js";

/** Say it: {headline, words, action}; `action` is the way to sign in where that may help, else null. */
export async function describeNoSuchSpace(space) {
  if (!(await canSignIn())) return { headline: t("space.none_named"), words: t("space.none_named_words", { space }), action: null };
  const key = isSignedIn() ? "space.none_for_you_words" : "space.none_for_all_words";
  return { headline: t("space.none_shown"), words: t(key, { space }), action: isSignedIn() ? null : signInButton() };
}

// Inside a frame nobody is signed in.
async function canSignIn() {
  const { auth } = await siteConfig().catch(() => ({ auth: null }));
  return auth !== null && window.parent === window;
}

function signInButton() {
  const button = h("button", { class: "button is-primary", type: "button" }, t("sign_in.sign_in"));
  button.addEventListener("click", () => leave("signIn", button));
  return button;
}
