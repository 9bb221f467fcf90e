/** Asks before something is destroyed: says what will be, and how much of it. */
import { announce } from "../../lib/announce.js";
import { h } from "../../lib/dom.js";
import { askInDialog } from "./dialog.js";

/** Ask; resolves with what `act` gave, or null. `words` are sentences; `done(given)` is said afterwards. */
export async function confirmAction({ title, words, action, act, done = null, danger = true }) {
  const given = await askInDialog({ title, body: words.map((each) => h("p", {}, each)), action, act, danger });
  if (given !== null && done !== null) announce(done(given));
  return given;
}
