/** A button that deletes one request, on the second press. */
import { announce } from "./announce.js";
import { GatewayError } from "./api.js";
import { deleteEverywhere } from "./delete_request.js";
import { setAttribute, setText } from "./dom.js";
import { t } from "./text.js";

const SURE_MS = 4000;

/** Mount it; `read()` gives {space, id}, `onDeleted()` hears that it is gone; `label` is said with the words. */
export function mountDeleteButton(button, { read, words = t("delete.delete"), label = null, onDeleted = () => undefined }) {
  let sure = null;

  function ask(asking) {
    clearTimeout(sure);
    sure = asking ? setTimeout(() => ask(false), SURE_MS) : null;
    button.classList.toggle("is-danger", asking);
    setText(button, asking ? t("delete.sure") : words);
    setAttribute(button, "aria-label", label && (asking ? `${t("delete.sure")} ${label}` : label));
  }

  button.addEventListener("click", async () => {
    if (sure === null) return ask(true), announce(t("delete.sure_words"));
    ask(false);
    setAttribute(button, "aria-disabled", "true");
    try {
      await deleteEverywhere(read());
      announce(t("delete.deleted"));
      onDeleted();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      announce(t("delete.failed"));
      setText(button, t("delete.failed"));
    }
    setAttribute(button, "aria-disabled", null);
  });
  ask(false);
}
