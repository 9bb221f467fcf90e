/** A button that deletes requests when pressed twice; the second press may take any time. */
import { announce } from "../lib/announce.js";
import { GatewayError } from "../api/api.js";
import { deleteEverywhere } from "../request/delete_request.js";
import { isSecondClick, setAttribute, setText } from "../lib/dom.js";
import { t } from "../lib/text.js";

/** @type {(words: string) => string | null} */
const NO_NAME = () => null;
/** @type {(ids: string[]) => void} */
const NOTHING = () => undefined;

/**
 * Mount the button; `read()` gives {space, ids}, `onDeleted(ids)` is called with those that were deleted. `nameOf(words)`
 * gives an accessible name where the words alone do not say what is deleted. Returns `disarm()`, to call when the button
 * is about another request.
 */
export function mountDeleteButton(button, { read, nameOf = NO_NAME, onDeleted = NOTHING }) {
  let armed = false;

  function choose(one, all) {
    const count = read().ids.length;
    return t(count === 1 ? one : all, { count });
  }

  function say(words) {
    setText(button, words);
    setAttribute(button, "aria-label", nameOf(words));
  }

  function ask(asking) {
    armed = asking;
    button.classList.toggle("is-danger", asking);
    say(asking ? choose("delete.sure", "delete.sure_all") : t("delete.delete"));
  }

  const disarm = () => armed && ask(false);

  async function deleteNow() {
    ask(false);
    setAttribute(button, "aria-disabled", "true");
    const { space, ids } = read();
    const deleted = [];
    try {
      for (const id of ids) {
        await deleteEverywhere({ space, id });
        deleted.push(id);
      }
      announce(t("delete.deleted"));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      announce(t("delete.failed"));
      say(t("delete.failed"));
    }
    if (deleted.length > 0) onDeleted(deleted);
    setAttribute(button, "aria-disabled", null);
  }

  function keyPressed(event) {
    if (event.repeat) event.preventDefault(); // a key held down counts as one press
    else if (event.key === "Escape") disarm();
  }

  button.addEventListener("click", (event) => {
    if (button.ariaDisabled === "true" || isSecondClick(event)) return;
    if (armed) {
      deleteNow();
      return;
    }
    button.focus(); // not every browser focuses a pressed button; losing the focus disarms it
    ask(true);
    announce(choose("delete.sure_words", "delete.sure_all_words"));
  });
  button.addEventListener("blur", disarm);
  button.addEventListener("keydown", keyPressed);
  ask(false);
  return disarm;
}
