/** Modal dialogs that ask before something is done. */
import { announce } from "../../lib/announce.js";
import { h, setAttribute } from "../../lib/dom.js";
import { GatewayError } from "../../api/gateway_call.js";
import { t } from "../../lib/text.js";
import { errorNotice } from "./error_notice.js";

let count = 0;

/**
 * Ask in a modal dialog. `act()` runs when the person agrees and all `fields` are valid; if it throws a GatewayError,
 * the dialog shows it, at its field if there is one, and stays open. `problemOf(error)` names the field and the words
 * for a refusal that has words of its own. Resolves with the result of `act`, or null if the person cancelled. The
 * dialog cannot be closed while `act` runs, as its result would be lost, nor if it has no cancel button (`back` is
 * null).
 * @param {Json} options
 */
export function askInDialog({ title, body, action, act, danger = false, back = t("admin.back"), fields = [], problemOf = problemInDetail }) {
  return new Promise((resolve) => {
    const trouble = h("div", {});
    const agree = h("button", { class: danger ? "button is-danger" : "button is-primary", type: "submit" }, action);
    const turnBack = back && h("button", { class: "button", type: "button" }, back);
    const { dialog, form } = makeDialog(title, [...body, trouble], [agree, turnBack]);
    let given = null;

    // Browsers respect a prevented "cancel" event for the first Escape only; "closedby" covers every one.
    function setBusy(is) {
      for (const button of [agree, turnBack]) if (button) setAttribute(button, "aria-disabled", is ? "true" : null);
      setAttribute(dialog, "closedby", is || !turnBack ? "none" : "closerequest");
    }

    const isBusy = () => agree.ariaDisabled === "true";
    turnBack?.addEventListener("click", () => isBusy() || dialog.close());
    dialog.addEventListener("cancel", (event) => (isBusy() || !turnBack) && event.preventDefault());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(given);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isBusy()) return;
      trouble.replaceChildren();
      if (!checkFields(fields)) return;
      setBusy(true);
      try {
        given = (await act()) ?? true;
        dialog.close();
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        if (!showAtField(fields, problemOf(error))) trouble.replaceChildren(errorNotice(error));
      } finally {
        setBusy(false);
      }
    });
    setBusy(false);
    dialog.showModal();
  });
}

/**
 * Ask before something is destroyed. `words` are sentences; `done(given)` is announced afterwards. Resolves with
 * the result of `act`, or null.
 * @param {{
 *   title: string,
 *   words: string[],
 *   action: string,
 *   act: () => Promise<any>,
 *   done?: ((given: any) => string) | null,
 *   danger?: boolean,
 * }} options
 */
export async function confirmAction({ title, words, action, act, done = null, danger = true }) {
  const given = await askInDialog({ title, body: words.map((each) => h("p", {}, each)), action, act, danger });
  if (given !== null && done !== null) announce(done(given));
  return given;
}

/** Check all fields and focus the first that is wrong. Returns whether all are right. */
function checkFields(fields) {
  const wrong = fields.filter((field) => !field.check());
  wrong[0]?.focus();
  return wrong.length === 0;
}

/** The field that the gateway's sentence begins with, such as "label must have …". */
export function problemInDetail({ status, detail }) {
  const [name] = /^[a-z_.]+/.exec(detail ?? "") ?? [];
  return status === 422 && name ? [name, detail] : null;
}

function showAtField(fields, problem) {
  const found = problem && fields.find(({ field }) => field.name === problem[0]);
  found?.showProblem(problem[1]);
  found?.focus();
  return Boolean(found);
}

function makeDialog(title, body, actions) {
  const id = `dialog-${(count += 1)}`;
  const form = h("form", { class: "dialog-form", novalidate: "true" }, h("h2", { id }, title), ...body, h("div", { class: "dialog-actions" }, ...actions.filter(Boolean)));
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": id }, form);
  document.body.append(dialog);
  return { dialog, form };
}
