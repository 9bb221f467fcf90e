/** The table of requests, a line each; a press on one opens its drawer. */
import { h } from "../../lib/dom.js";
import { duration, dateTime } from "../../lib/format.js";
import { toLocal } from "../../lib/server_clock.js";
import { t } from "../../lib/text.js";
import { ticketOf } from "../lib/ticket.js";
import { dataTable } from "../ui/data_table.js";
import { actionOf, stateBadge } from "./request_actions.js";
import { errorWord } from "./request_facts.js";

/** Draw requests; `changed()` is called after one was cancelled or retried, `open(request)` when one is chosen. */
export function requestTable(requests, { changed, open }) {
  const columns = [
    { name: t("admin.requests.request"), kind: "main", cell: (request) => opener(request, open) },
    { name: t("admin.requests.state"), cell: stateBadge },
    { name: t("admin.requests.user"), kind: "name", cell: ({ owner }) => owner ?? t("admin.requests.anonymous") },
    { name: t("admin.requests.accepted"), kind: "time", cell: ({ created_at: at }) => dateTime(toLocal(at)) },
    { name: t("admin.requests.waited"), kind: "number", cell: ({ queue_time: time }) => seconds(time) },
    { name: t("admin.requests.ran"), kind: "number", cell: ({ run_time: time }) => seconds(time) },
    { name: t("admin.requests.worker"), kind: "name", cell: workerCell },
    { name: t("admin.requests.error"), cell: errorWord },
    { name: t("admin.actions"), kind: "actions", cell: (request) => actionOf(request, changed) },
  ];
  const table = dataTable({ caption: t("admin.tab.requests"), columns, rows: requests });
  table.classList.add("has-drawer");
  [...table.querySelectorAll("tbody tr")].forEach((row, index) => row.addEventListener("click", (event) => isPlain(event) && open(requests[index])));
  return table;
}

function opener(request, open) {
  const { request_id: id } = request;
  const button = h("button", { class: "link-button", type: "button", "aria-haspopup": "dialog", "data-focus": `open ${id}` }, h("code", {}, ticketOf(id)));
  button.addEventListener("click", () => open(request));
  return button;
}

/** Whether a press on a row was not on something in it, and selected no text. */
const isPlain = ({ target }) => target.closest("button, a, summary") === null && String(getSelection()) === "";

const seconds = (time) => (time === null || time === undefined ? null : duration(time));

function workerCell({ worker_id: worker, attempt }) {
  if (!worker) return null;
  return attempt > 1 ? `${worker} (${t("admin.worker.attempt", { attempt })})` : worker;
}
