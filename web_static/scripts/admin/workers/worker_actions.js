/** What an administrator can do with a worker: send a notice, pause, resume, disconnect. */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { actOnWorker, sendNotice } from "../lib/admin_api.js";
import { actionButton } from "../ui/controls.js";
import { askInDialog, confirmAction } from "../ui/dialog.js";
import { makeField } from "../ui/form_field.js";

const MOST_LETTERS = 500;

/** The buttons of a worker; `changed()` is called after an action. */
export function workerActions(worker, changed) {
  const { worker_id: name, connection_id: id, spaces } = worker;
  const paused = spaces.length > 0 && spaces.every(({ state }) => state === "paused");
  const button = (key, act, className) => actionButton(t(`admin.worker.${key}`), after(act, changed), { key: `${key} ${id}`, label: t(`admin.worker.${key}_named`, { name }), className });
  return h(
    "div",
    { class: "panel-actions" },
    button("notice", () => tell(worker)),
    paused ? button("resume", () => resume(worker)) : button("pause", () => pause(worker)),
    button("disconnect", () => disconnect(worker), "button is-small is-danger-quiet"),
  );
}

const after = (act, changed) => async () => (await act()) !== null && changed();

function tell({ worker_id: name, connection_id: id }) {
  const text = makeField({ name: "text", kind: "long", max: MOST_LETTERS, required: true, label: t("admin.worker.notice_text") }, () => undefined);
  const body = [h("p", {}, t("admin.worker.notice_words", { name })), text.root];
  const act = () => sendNotice(id, text.read());
  return askInDialog({ title: t("admin.worker.notice_named", { name }), body, action: t("admin.worker.notice_send"), act, fields: [text] });
}

function pause({ worker_id: name, connection_id: id, spaces }) {
  const count = running(spaces);
  const words = [t("admin.worker.pause_words", { name }), t("admin.worker.pause_running", { count })];
  const act = () => actOnWorker(id, "pause");
  return confirmAction({ title: t("admin.worker.pause_named", { name }), words, action: t("admin.worker.pause"), act, done: () => t("admin.worker.paused_done", { name }), danger: false });
}

function resume({ worker_id: name, connection_id: id }) {
  const words = [t("admin.worker.resume_words", { name })];
  const act = () => actOnWorker(id, "resume");
  return confirmAction({ title: t("admin.worker.resume_named", { name }), words, action: t("admin.worker.resume"), act, done: () => t("admin.worker.resumed_done", { name }), danger: false });
}

function disconnect({ worker_id: name, connection_id: id, spaces }) {
  const words = [t("admin.worker.disconnect_running", { count: running(spaces) }), t("admin.worker.disconnect_words")];
  const act = () => actOnWorker(id, "disconnect");
  return confirmAction({ title: t("admin.worker.disconnect_title", { name }), words, action: t("admin.worker.disconnect"), act, done: () => t("admin.worker.disconnected_done", { name }) });
}

const running = (spaces) => spaces.reduce((sum, space) => sum + space.running.length, 0);
