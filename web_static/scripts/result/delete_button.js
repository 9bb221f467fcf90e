/** A button that deletes one request, on the second press; there is no hurry between the two. */
import { announce } from "../lib/announce.js";
import { GatewayError } from "../api/api.js";
import { deleteEverywhere } from "../request/delete_request.js";
import { isSecondClick, setAttribute, setText } from "../lib/dom.js";
import { t } from "../lib/text.js";

/**
 * Mount it; `read()` gives {space, id}, `onDeleted()` hears that it is gone; `nameOf(words)` is its name where
 * its words alone do not tell what it deletes. Returns `disarm()`, for when what it deletes is another.
 */
export function mountDeleteButton(button, { read, nameOf = () => null, onDeleted = () => undefined }) {
  let armed = false;

  function say(words) {
    setText(button, words);
    setAttribute(button, "aria-label", nameOf(words));
  }

  function ask(asking) {
    armed = asking;
    button.classList.toggle("is-danger", asking);
    say(t(asking ? "delete.sure" : "delete.delete"));
  }

  const disarm = () => armed && ask(false);

  async function deleteNow() {
    ask(false);
    setAttribute(button, "aria-disabled", "true");
    try {
      await deleteEverywhere(read());
      announce(t("delete.deleted"));
      onDeleted();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      announce(t("delete.failed"));
      say(t("delete.failed"));
    }
    setAttribute(button, "aria-disabled", null);
  }

  function keyPressed(event) {
    if (event.repeat) event.preventDefault(); // a key that is held is one press
    else if (event.key === "Escape") disarm();
  }

  button.addEventListener("click", (event) => {
    if (button.ariaDisabled === "true" || isSecondClick(event)) return;
    if (armed) return deleteNow();
    button.focus(); // not every browser focuses what is pressed; whatever is done next takes the focus away
    ask(true);
    announce(t("delete.sure_words"));
  });
  button.addEventListener("blur", disarm);
  button.addEventListener("keydown", keyPressed);
  ask(false);
  return disarm;
}
