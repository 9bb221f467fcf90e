/** Deletes a space, after showing what will be lost. */
import { announce } from "../../lib/announce.js";
import { h } from "../../lib/dom.js";
import { GatewayError } from "../../api/gateway_call.js";
import { t } from "../../lib/text.js";
import { deleteSpace, purge, readWorkers } from "../lib/admin_api.js";
import { actionButton } from "../ui/controls.js";
import { askInDialog } from "../ui/dialog.js";
import { errorNotice } from "../ui/error_notice.js";
import { makeField } from "../ui/form_field.js";
import { formatList } from "../ui/format_value.js";

const OPEN = ["IN_QUEUE", "IN_PROGRESS"];

/** The panel with the delete button; `state.saved` is the space as last read. */
export function deletePanel(state, go) {
  const trouble = h("div", {});
  const button = actionButton(t("admin.delete.open"), () => begin(state.saved, go, trouble), { className: "button is-danger-quiet" });
  return h("div", { class: "form-group-fields panel" }, h("p", {}, t("admin.delete.words")), h("div", {}, button), trouble);
}

async function begin(space, go, trouble) {
  trouble.replaceChildren();
  try {
    const [{ count }, workers] = await Promise.all([purge(space.space, OPEN, { dryRun: true }), readWorkers()]);
    const connected = workers.filter((worker) => worker.spaces.some((each) => each.space === space.space));
    await confirm(space, { count, connected }, go);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    trouble.replaceChildren(errorNotice(error));
  }
}

async function confirm(space, { count, connected }, go) {
  const typed = makeField({ name: "typed", kind: "text", pattern: new RegExp(`^${space.space}$`), label: t("admin.delete.type", { space: space.space }) }, () => undefined);
  const body = [
    h("p", {}, count > 0 ? t("admin.delete.requests", { count }) : t("admin.delete.no_requests")),
    h("p", {}, workerWords(connected)),
    h("p", {}, t("admin.delete.lasting")),
    typed.root,
  ];
  const act = () => deleteAll(space);
  const title = t("admin.delete.title", { title: space.title || space.space });
  const action = count > 0 ? t("admin.delete.action_and_end", { count }) : t("admin.delete.action");
  const given = await askInDialog({ title, body, action, act, danger: true, fields: [typed] });
  if (given === null) return;
  announce(t("admin.delete.done", { count: given.cancelled ?? 0 }));
  go("spaces");
}

// The gateway ends a limited number of requests per call; from the first call on, the space accepts no new ones.
async function deleteAll(space) {
  let cancelled = 0;
  let left = 1;
  while (left > 0) {
    const given = await deleteSpace(space);
    cancelled += given.cancelled;
    left = given.left ?? 0;
  }
  return { cancelled };
}

function workerWords(connected) {
  if (connected.length === 0) return t("admin.delete.no_workers");
  return t("admin.delete.workers", { count: connected.length, names: formatList(connected.map((worker) => worker.worker_id)) });
}
