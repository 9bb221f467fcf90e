/** The table of requests, with cancel and retry. */
import { announce } from "../../lib/announce.js";
import { toLocal } from "../../lib/server_clock.js";
import { h } from "../../lib/dom.js";
import { duration, dateTime } from "../../lib/format.js";
import { hasText, t } from "../../lib/text.js";
import { cancelRequest, retryRequest } from "../lib/admin_api.js";
import { confirmAction } from "../ui/dialog.js";
import { actionButton, badge } from "../ui/controls.js";
import { dataTable } from "../ui/data_table.js";
import { ticketOf } from "../lib/ticket.js";

const LOOKS = {
  IN_QUEUE: { tone: "none", icon: "clock" },
  IN_PROGRESS: { tone: "warn", icon: "again" },
  COMPLETED: { tone: "good", icon: "check" },
  FAILED: { tone: "bad", icon: "warning" },
  TIMED_OUT: { tone: "bad", icon: "clock" },
  CANCELLED: { tone: "none", icon: "cross" },
};

/** Draw requests; `changed()` is called after one was cancelled or retried. */
export function requestTable(requests, changed) {
  const columns = [
    { name: t("admin.requests.request"), kind: "main", cell: idCell },
    { name: t("admin.requests.state"), cell: ({ status }) => badge({ ...LOOKS[status], word: t(`admin.state.${status}`) }) },
    { name: t("admin.requests.user"), kind: "name", cell: ({ owner }) => owner ?? t("admin.requests.anonymous") },
    { name: t("admin.requests.accepted"), kind: "time", cell: ({ created_at: at }) => dateTime(toLocal(at)) },
    { name: t("admin.requests.waited"), kind: "number", cell: ({ queue_time: time }) => seconds(time) },
    { name: t("admin.requests.ran"), kind: "number", cell: ({ run_time: time }) => seconds(time) },
    { name: t("admin.requests.worker"), kind: "name", cell: workerCell },
    { name: t("admin.requests.error"), cell: errorCell },
    { name: t("admin.actions"), kind: "actions", cell: (request) => actionOf(request, changed) },
  ];
  return dataTable({ caption: t("admin.tab.requests"), columns, rows: requests });
}

function idCell({ request_id: id, space }) {
  const address = `./space.html?${new URLSearchParams({ space, request: id })}`;
  return h("a", { href: address, "data-focus": `open ${id}` }, h("code", {}, ticketOf(id)));
}

const seconds = (time) => (time === null || time === undefined ? null : duration(time));

function workerCell({ worker_id: worker, attempt }) {
  if (!worker) return null;
  return attempt > 1 ? `${worker} (${t("admin.worker.attempt", { attempt })})` : worker;
}

function errorCell({ request_id: id, error_type: type, error }) {
  if (!type && !error) return null;
  const word = hasText(`admin.error.${type}`) ? t(`admin.error.${type}`) : (type ?? t("admin.requests.error"));
  if (!error) return word;
  return h("details", { class: "cell-details", "data-focus": `error ${id}` }, h("summary", { "data-focus": `error of ${id}` }, word), h("p", { class: "muted", dir: "auto", tabindex: "0" }, error));
}

function actionOf(request, changed) {
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
