/** Why a call of the administration did not work, in words and with what to do. */
import { h } from "../../lib/dom.js";
import { moment } from "../../lib/format.js";
import { GatewayError } from "../../api/gateway_call.js";
import { hasText, t } from "../../lib/text.js";

/** Say why; errors that are not the gateway's are lost connections. */
export function troubleWords(error) {
  if (!(error instanceof GatewayError) || !error.reached) return t(navigator.onLine ? "admin.trouble.unreachable" : "admin.trouble.offline");
  const known = `admin.trouble.${error.errorType}`;
  if (hasText(known)) return t(known);
  if (error.status === 401) return t("admin.trouble.unauthorized");
  if (error.status === 429) return limitWords(error);
  if (error.status >= 500) return systemWords(error);
  return error.detail || t("admin.trouble.refused");
}

function limitWords({ retryAt }) {
  return retryAt === null ? t("admin.trouble.too_many") : t("admin.trouble.too_many_until", { time: moment(retryAt) });
}

function systemWords({ requestId }) {
  return requestId ? t("admin.trouble.system_quote", { id: requestId }) : t("admin.trouble.system");
}

/** A notice that says why, with a button to try again if `again` is given. */
export function troubleNotice(error, again = null) {
  const title = h("p", { class: "notice-title" }, t("admin.trouble.title"));
  const notice = h("div", { class: "notice", "data-tone": "bad", role: "alert" }, title, h("p", {}, troubleWords(error)));
  if (again) {
    const button = h("button", { class: "button is-small", type: "button" }, t("admin.try_again"));
    button.addEventListener("click", again);
    notice.append(h("div", { class: "notice-actions" }, button));
  }
  return notice;
}
