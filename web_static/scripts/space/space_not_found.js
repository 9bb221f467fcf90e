/** What to show for a space that the gateway does not return; the same whether it exists or not. */
import { h } from "../lib/dom.js";
import { goToSignIn } from "../site/go_to_sign_in.js";
import { isSignedIn } from "../session/session.js";
import { siteConfig } from "../lib/site_config.js";
import { t } from "../lib/text.js";

/** The message: {headline, words, action}; `action` is a sign-in button where that may help, otherwise null. */
export async function describeSpaceNotFound(space) {
  if (!(await canSignIn())) return { headline: t("space.none_named"), words: t("space.none_named_words", { space }), action: null };
  const key = isSignedIn() ? "space.none_for_you_words" : "space.none_for_all_words";
  return { headline: t("space.none_shown"), words: t(key, { space }), action: isSignedIn() ? null : signInButton() };
}

// Nobody is signed in inside a frame.
async function canSignIn() {
  const { auth } = await siteConfig().catch(() => ({ auth: null }));
  return auth !== null && window.parent === window;
}

function signInButton() {
  const button = h("button", { class: "button is-primary", type: "button" }, t("sign_in.sign_in"));
  button.addEventListener("click", () => goToSignIn(button));
  return button;
}
