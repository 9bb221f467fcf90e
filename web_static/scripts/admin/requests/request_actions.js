/** The state of a request, and what an administrator can do with it: cancel it, or send it again. */
import { announce } from "../../lib/announce.js";
import { t } from "../../lib/text.js";
import { cancelRequest, retryRequest } from "../lib/admin_api.js";
import { ticketOf } from "../lib/ticket.js";
import { actionButton, badge } from "../ui/controls.js";
import { confirmAction } from "../ui/dialog.js";

const LOOKS = {
  IN_QUEUE: { tone: "none", icon: "clock" },
  IN_PROGRESS: { tone: "warn", icon: "again" },
  COMPLETED: { tone: "good", icon: "check" },
  FAILED: { tone: "bad", icon: "warning" },
  TIMED_OUT: { tone: "bad", icon: "clock" },
  CANCELLED: { tone: "none", icon: "cross" },
};

/** The state of a request as a badge. */
export const stateBadge = ({ status }) => badge({ ...LOOKS[status], word: t(`admin.state.${status}`) });

/** The button that cancels an open request or repeats an ended one; `changed()` is called afterwards. */
export function actionOf(request, changed) {
  const open = request.status === "IN_QUEUE" || request.status === "IN_PROGRESS";
  return open ? cancelButton(request, changed) : retryButton(request, changed);
}

function cancelButton({ request_id: id, status }, changed) {
  const ticket = ticketOf(id);
  const act = async () => {
    const words = [t(status === "IN_PROGRESS" ? "admin.requests.cancel_running" : "admin.requests.cancel_waiting")];
    const given = await confirmAction({ title: t("admin.requests.cancel_title", { ticket }), words, action: t("admin.requests.cancel_action"), act: () => cancelRequest(id), done: () => t("admin.requests.cancelled") });
    if (given !== null) changed();
  };
  return actionButton(t("admin.requests.cancel"), act, { key: `cancel ${id}`, label: t("admin.requests.cancel_title", { ticket }), className: "button is-small is-danger-quiet" });
}

function retryButton({ request_id: id }, changed) {
  const ticket = ticketOf(id);
  const act = async () => {
    const words = [t("admin.requests.retry_words")];
    const given = await confirmAction({ title: t("admin.requests.retry_title", { ticket }), words, action: t("admin.requests.retry_action"), act: () => retryRequest(id), danger: false });
    if (given === null) return;
    announce(t("admin.requests.retried", { ticket: ticketOf(given.request_id) }));
    changed();
  };
  return actionButton(t("admin.requests.retry"), act, { key: `retry ${id}`, label: t("admin.requests.retry_title", { ticket }) });
}
