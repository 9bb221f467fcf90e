/** OIDC redirect target: stores the tokens and returns to the previous page. */
import { part, setText, show } from "./lib/dom.js";
import { mountSiteHeader } from "./site/site_header.js";
import { finishSignIn, signIn } from "./session/sign_in.js";
import { t } from "./lib/text.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

function showFailure(error) {
  const refused = error.error === "access_denied";
  setText(part(main, "headline"), t(refused ? "sign_in.denied" : "sign_in.failed"));
  setText(part(main, "words"), t(wordsFor(error)));
  show(part(main, "actions"), true);
  part(main, "headline").focus();
}

// The library's messages are for programmers; what the user can do depends only on the kind of error.
function wordsFor(error) {
  if (error.error === "access_denied") return "sign_in.denied_words";
  return error instanceof TypeError || error.name === "ErrorTimeout" ? "sign_in.unreachable" : "sign_in.failed_words";
}

async function start() {
  mountSiteHeader();
  part(main, "again").addEventListener("click", () => signIn("./").catch(showFailure));
  try {
    location.replace(await finishSignIn());
  } catch (error) {
    showFailure(error);
  }
}

start();
