/** The view of worker tokens and API keys. */
import { h } from "../../lib/dom.js";
import { GatewayError } from "../../api/gateway_call.js";
import { t } from "../../lib/text.js";
import { readSpaces } from "../lib/admin_api.js";
import { actionButton, emptyState, sectionHead, viewHead } from "../ui/controls.js";
import { CREDENTIALS } from "./credentials.js";
import { credentialTable } from "./credential_table.js";
import { newCredential } from "./new_credential.js";
import { showLoaded } from "../ui/load_view.js";
import { errorNotice } from "../ui/error_notice.js";

/** Show the tokens and keys with their actions, or those of one space (`within`). */
export function showView(root, { within = null, signal }) {
  if (!within) root.append(viewHead(t("admin.tab.access"), t("admin.access.lead")));
  for (const kind of Object.keys(CREDENTIALS)) root.append(section(kind, within, signal));
}

function section(kind, within, signal) {
  const { read } = CREDENTIALS[kind];
  const list = h("div", {});
  const trouble = h("div", {});
  const reload = () => showLoaded(list, { load: read, draw: (all) => drawn(kind, all.filter(isOf(within)), reload), signal });
  const create = actionButton(t(`admin.${kind}.create`), () => offer(kind, { within, trouble, reload }), { className: "button is-primary" });
  reload();
  return h("section", { class: "credential-section" }, sectionHead(t(`admin.${kind}.title`), t(`admin.${kind}.lead`), create), trouble, list);
}

const drawn = (kind, all, reload) => (all.length === 0 ? emptyState(t(`admin.${kind}.empty`)) : credentialTable(kind, all, reload));

const isOf = (within) => ({ spaces, space }) => within === null || (spaces ?? [space]).includes(within);

async function offer(kind, { within, trouble, reload }) {
  trouble.replaceChildren();
  try {
    const spaces = (await readSpaces()).filter(isOf(within));
    if (spaces.length === 0) trouble.replaceChildren(h("p", { class: "notice", "data-tone": "warn" }, t("admin.access.no_spaces")));
    else if (await newCredential(kind, spaces)) await reload();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    trouble.replaceChildren(errorNotice(error));
  }
}
