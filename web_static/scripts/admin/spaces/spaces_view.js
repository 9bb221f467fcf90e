/** The list of all spaces: what they accept, who may use them, and their state. */
import { h } from "../../lib/dom.js";
import { dateTime, roughDuration } from "../../lib/format.js";
import { toLocal } from "../../lib/server_clock.js";
import { GatewayError } from "../../api/gateway_call.js";
import { queueWords, stateBadge } from "../../describe/describe_space.js";
import { hasText, t } from "../../lib/text.js";
import { adminAddress } from "../lib/admin_address.js";
import { readLive, readSpaces } from "../lib/admin_api.js";
import { badge, emptyState, viewHead } from "../ui/controls.js";
import { dataTable } from "../ui/data_table.js";
import { showLoaded } from "../ui/load_view.js";
import { formatList } from "../ui/format_value.js";

/** Show all spaces in a table. */
export function showView(root, { signal }) {
  const list = h("div", {});
  const create = () => h("a", { class: "button is-primary", href: adminAddress("space") }, t("admin.spaces.create"));
  root.append(viewHead(t("admin.tab.spaces"), t("admin.spaces.lead"), create()), list);
  const draw = ([spaces, live]) => (spaces.length === 0 ? emptyState(t("admin.spaces.empty")) : table(spaces, live));
  return showLoaded(list, { load: (turn) => Promise.all([readSpaces(turn), liveOrNone(turn)]), draw, signal });
}

// The live state is optional: without it, settings can still be edited.
async function liveOrNone(signal) {
  try {
    return await readLive(signal);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return new Map();
  }
}

function table(spaces, live) {
  const columns = [
    { name: t("admin.spaces.space"), kind: "main", cell: nameCell },
    { name: t("admin.spaces.state"), cell: (space) => stateCell(space, live.get(space.space)) },
    { name: t("admin.spaces.takes"), cell: ({ features }) => formatList(features.map(featureWord)) },
    { name: t("admin.field.visibility"), cell: visibilityCell },
    { name: t("admin.spaces.time_limit"), kind: "number", cell: (space) => roughDuration(space.timeout_seconds) },
    { name: t("admin.spaces.changed"), cell: (space) => dateTime(toLocal(space.updated_at)) },
    { name: t("admin.actions"), kind: "actions", cell: linksCell },
  ];
  return dataTable({ caption: t("admin.tab.spaces"), columns, rows: spaces });
}

const nameCell = ({ space, title, deleting }) => [h("a", { href: adminAddress("space", { space, tab: deleting ? "settings" : "overview" }), dir: "auto" }, title || space), h("code", { class: "muted" }, space)];

function stateCell(space, live) {
  if (space.deleting) return badge({ tone: "warn", icon: "warning", word: t("admin.spaces.deleting") });
  if (space.disabled) return badge({ tone: "none", icon: "pause", word: t("admin.spaces.disabled") });
  return live ? [badge(stateBadge(live)), h("span", { class: "muted" }, queueWords(live))] : null;
}

function visibilityCell({ visibility, members }) {
  const words = t(`admin.visibility.${visibility}`);
  return visibility === "private" ? t("admin.visibility.private_count", { count: members.length }) : words;
}

const linksCell = ({ space, title }) => [
  link("requests", space, title),
  link("settings", space, title),
];

function link(tab, space, title) {
  const words = t(`admin.space_tab.${tab}`);
  return h("a", { class: "button is-small", href: adminAddress("space", { space, tab }), "aria-label": `${words}: ${title || space}` }, words);
}

const featureWord = (name) => (hasText(`admin.feature.${name}`) ? t(`admin.feature.${name}`) : name);
