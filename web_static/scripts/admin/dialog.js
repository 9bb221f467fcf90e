/** A dialog that stands in front of the page until it is answered. */
import { h } from "../dom.js";
import { GatewayError } from "../gateway_call.js";
import { t } from "../text.js";
import { troubleNotice } from "./trouble.js";

let count = 0;

/**
 * Ask; `act()` runs when the person agrees and may refuse by throwing a GatewayError, which is shown.
 * Resolves with what `act` gave, or null if the person turned back.
 */
export function askInDialog({ title, body, action, act, danger = false, back = t("admin.back") }) {
  return new Promise((resolve) => {
    const trouble = h("div", {});
    const agree = h("button", { class: danger ? "button is-danger" : "button is-primary", type: "submit" }, action);
    const turnBack = back && h("button", { class: "button", type: "button" }, back);
    const { dialog, form } = makeDialog(title, [...body, trouble], [agree, turnBack]);
    let given = null;
    turnBack?.addEventListener("click", () => dialog.close());
    if (!turnBack) dialog.addEventListener("cancel", (event) => event.preventDefault()); // Escape shall lose no secret
    dialog.addEventListener("close", () => (dialog.remove(), resolve(given)));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (agree.getAttribute("aria-disabled") === "true") return;
      agree.setAttribute("aria-disabled", "true");
      try {
        given = (await act()) ?? true;
        dialog.close();
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        trouble.replaceChildren(troubleNotice(error));
      } finally {
        agree.removeAttribute("aria-disabled");
      }
    });
    dialog.showModal();
  });
}

function makeDialog(title, body, actions) {
  const id = `dialog-${(count += 1)}`;
  const form = h("form", { class: "dialog-form", novalidate: "true" }, h("h2", { id }, title), ...body, h("div", { class: "dialog-actions" }, ...actions.filter(Boolean)));
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": id }, form);
  document.body.append(dialog);
  return { dialog, form };
}
