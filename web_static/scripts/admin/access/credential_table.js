/** The table of tokens or keys, with rotate and revoke. */
import { toLocal } from "../../lib/server_clock.js";
import { h } from "../../lib/dom.js";
import { dateTime } from "../../lib/format.js";
import { t } from "../../lib/text.js";
import { readWorkers } from "../lib/admin_api.js";
import { actionButton, badge } from "../ui/controls.js";
import { confirmAction } from "../ui/dialog.js";
import { CREDENTIALS, isLive } from "./credentials.js";
import { dataTable } from "../ui/data_table.js";
import { GatewayError } from "../../api/gateway_call.js";
import { formatList } from "../ui/format_value.js";
import { rotateCredential } from "./new_credential.js";

const STATES = {
  active: { tone: "good", icon: "check" },
  rotating: { tone: "warn", icon: "again" },
  expired: { tone: "none", icon: "clock" },
  revoked: { tone: "none", icon: "cross" },
};

/** Draw all credentials; `changed()` is called after one was rotated or revoked. */
export function credentialTable(kind, all, changed) {
  const columns = [
    { name: t("admin.credential.label"), kind: "main", cell: (each) => [h("strong", {}, each.label), h("code", { class: "muted" }, CREDENTIALS[kind].idOf(each))] },
    { name: t("admin.credential.state"), cell: ({ state }) => badge({ ...(STATES[state] ?? STATES.expired), word: t(`admin.credential.${state}`) }) },
    { name: t("admin.credential.spaces"), cell: ({ spaces }) => formatList(spaces) },
    { name: t("admin.credential.created"), cell: created },
    { name: t("admin.credential.last_used"), cell: ({ last_used_at: at }) => (at ? dateTime(toLocal(at)) : t("admin.credential.never_used")) },
    { name: t("admin.credential.expires"), cell: ({ expires_at: at }) => (at ? dateTime(toLocal(at)) : t("admin.credential.never")) },
    { name: t("admin.actions"), kind: "actions", cell: (each) => (isLive(each) ? actions(kind, each, changed) : null) },
  ];
  return dataTable({ caption: t(`admin.${kind}.title`), columns, rows: all });
}

function created({ created_at: at, created_by: by }) {
  return [h("span", {}, dateTime(toLocal(at))), by && h("span", { class: "muted" }, t("admin.credential.created_by", { by }))];
}

function actions(kind, each, changed) {
  const rotate = async () => (await rotateCredential(kind, each)) && changed();
  const revoke = async () => (await revokeCredential(kind, each)) !== null && changed();
  return [
    actionButton(t("admin.credential.rotate"), rotate, { label: t("admin.credential.rotate_named", { label: each.label }) }),
    actionButton(t("admin.credential.revoke"), revoke, { label: t("admin.credential.revoke_named", { label: each.label }), className: "button is-small is-danger-quiet" }),
  ];
}

async function revokeCredential(kind, each) {
  const { idOf, revoke } = CREDENTIALS[kind];
  return confirmAction({
    title: t(`admin.${kind}.revoke_title`, { label: each.label }),
    words: [await effectWords(kind, each), t("admin.credential.revoke_lasting")],
    action: t(`admin.${kind}.revoke_action`),
    act: () => revoke(idOf(each)),
    done: (given) => t(`admin.${kind}.revoked`, { count: given.closed_connections ?? 0 }),
  });
}

/** What revoking does right away: which workers lose their connection. */
async function effectWords(kind, { token_id: id }) {
  if (kind === "key") return t("admin.key.revoke_words");
  try {
    const connected = (await readWorkers()).filter((worker) => worker.token_id === id);
    if (connected.length === 0) return t("admin.token.revoke_nobody");
    return t("admin.token.revoke_words", { count: connected.length, names: formatList(connected.map((worker) => worker.worker_id)) });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return t("admin.token.revoke_unknown");
  }
}
