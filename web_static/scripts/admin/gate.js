/** Lets signed-in administrators in, and tells everyone else how to get access. */
import { h } from "../lib/dom.js";
import { goToSignIn } from "../site/go_to_sign_in.js";
import { onSessionChange, isSignedIn } from "../session/session.js";
import { siteConfig } from "../lib/site_config.js";
import { t } from "../lib/text.js";
import { readMe } from "./lib/admin_api.js";
import { errorWords } from "./ui/error_notice.js";

/** Check who is signed in; `open()` is called once for an administrator. */
export async function openGate(root, open) {
  const again = () => openGate(root, open);
  say(root, { title: t("admin.gate.asking"), busy: true });
  try {
    const state = await findOut();
    if (state === "administrator") {
      open();
      return;
    }
    say(root, DESCRIBED[state]());
    if (state === "signed_out") onSessionChange(() => isSignedIn() && root.hidden === false && again());
  } catch (error) {
    say(root, { title: t("admin.gate.trouble"), words: errorWords(error), button: button(t("admin.try_again"), again) });
  }
}

async function findOut() {
  const { auth } = await siteConfig();
  if (auth === null) return "without_sign_in";
  if (!isSignedIn()) return "signed_out";
  const me = await readMe();
  return me.admin ? "administrator" : "not_allowed";
}

const DESCRIBED = {
  without_sign_in: () => ({ title: t("admin.gate.without_sign_in"), words: t("admin.gate.without_sign_in_words") }),
  signed_out: () => ({
    title: t("admin.gate.signed_out"),
    words: t("admin.gate.signed_out_words"),
    button: button(t("sign_in.sign_in"), () => goToSignIn(), "button is-primary"),
  }),
  not_allowed: () => ({
    title: t("admin.gate.not_allowed"),
    words: t("admin.gate.not_allowed_words"),
    button: h("a", { class: "button", href: "./" }, t("sign_in.to_spaces")),
  }),
};

function button(words, act, className = "button") {
  const made = h("button", { class: className, type: "button" }, words);
  made.addEventListener("click", act);
  return made;
}

/**
 * @param {HTMLElement} root
 * @param {{ title: string, words?: string | null, button?: HTMLElement | null, busy?: boolean }} content
 */
function say(root, { title, words = null, button: action = null, busy = false }) {
  root.setAttribute("aria-busy", String(busy));
  root.replaceChildren(...[h("h1", {}, title), words === null ? null : h("p", {}, words), action].filter((each) => each !== null));
}
