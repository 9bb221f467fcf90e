/** Explains why an administration call failed and what to do. */
import { h } from "../../lib/dom.js";
import { dateTime } from "../../lib/format.js";
import { GatewayError } from "../../api/gateway_call.js";
import { hasText, t } from "../../lib/text.js";

/** The explanation; any error that did not come from the gateway is a lost connection. */
export function errorWords(error) {
  if (!(error instanceof GatewayError) || !error.reached) return t(navigator.onLine ? "admin.trouble.unreachable" : "admin.trouble.offline");
  const known = `admin.trouble.${error.errorType}`;
  if (hasText(known)) return t(known);
  if (error.status === 401) return t("admin.trouble.unauthorized");
  if (error.status === 429) return limitWords(error);
  if (error.status >= 500) return systemWords(error);
  return error.detail || t("admin.trouble.refused");
}

function limitWords({ retryAt }) {
  return retryAt === null ? t("admin.trouble.too_many") : t("admin.trouble.too_many_until", { time: dateTime(retryAt) });
}

function systemWords({ requestId }) {
  return requestId ? t("admin.trouble.system_quote", { id: requestId }) : t("admin.trouble.system");
}

/**
 * A notice with the explanation; `again` adds a button to try again.
 * @param {unknown} error
 * @param {(() => unknown) | null} again
 */
export function errorNotice(error, again = null) {
  const title = h("p", { class: "notice-title" }, t("admin.trouble.title"));
  const notice = h("div", { class: "notice", "data-tone": "bad", role: "alert" }, title, h("p", {}, errorWords(error)));
  if (again) {
    const button = h("button", { class: "button is-small", type: "button" }, t("admin.try_again"));
    button.addEventListener("click", again);
    notice.append(h("div", { class: "notice-actions" }, button));
  }
  return notice;
}
