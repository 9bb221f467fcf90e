/** Where the sign-in page sends one back to: takes the tokens and goes on to where one was. */
import { part, setText, show } from "./lib/dom.js";
import { mountSiteHeader } from "./site/site_header.js";
import { finishSignIn, signIn } from "./session/sign_in.js";
import { t } from "./lib/text.js";

const main = document.querySelector("main");

function showFailure(error) {
  const refused = error.error === "access_denied";
  setText(part(main, "headline"), t(refused ? "sign_in.denied" : "sign_in.failed"));
  setText(part(main, "words"), t(wordsFor(error)));
  show(part(main, "actions"), true);
  part(main, "headline").focus();
}

// The library's words are for programmers; what one can do depends on the kind only.
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
