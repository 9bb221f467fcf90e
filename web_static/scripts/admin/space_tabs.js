/** One space: its name and tabs, and below them the view that the address names. */
import { h, setText } from "../lib/dom.js";
import { t } from "../lib/text.js";
import { GatewayError } from "../api/gateway_call.js";
import { adminAddress } from "./lib/admin_address.js";
import { readSpace } from "./lib/admin_api.js";
import { showCurrentTab } from "./ui/tab_row.js";

const TABS = {
  overview: () => import("./activity/activity_view.js"),
  requests: () => import("./requests/requests_view.js"),
  workers: () => import("./workers/workers_view.js"),
  access: () => import("./access/access_view.js"),
  settings: () => import("./spaces/space_view.js"),
};
const FIRST_TAB = "settings"; // an address without a tab is older than the tabs

/** Show the space of the address, or the form for a new one. */
export async function showView(root, { values: { tab: wanted, ...values }, signal, go, note }) {
  const { space } = values;
  const { showView: newSpace } = space ? { showView: null } : await TABS.settings();
  if (signal.aborted) return;
  if (newSpace) {
    newSpace(root, { values, signal, go });
    return;
  }
  const tab = wanted in TABS ? wanted : FIRST_TAB;
  const inner = h("div", { class: "admin-view" }, h("p", { class: "muted", role: "status" }, t("site.loading")));
  const row = tabRow(space, tab);
  root.append(head(space, signal), row, inner);
  showCurrentTab(row);
  const { showView: showTab } = await TABS[tab]();
  if (signal.aborted) return;
  inner.replaceChildren();
  showTab(inner, { values, within: space, signal, go, note: (_view, chosen) => note("space", { ...chosen, space, tab }) });
}

function head(space, signal) {
  const title = h("h2", { dir: "auto" }, space);
  nameIt(title, space, signal);
  const links = h("p", { class: "space-links" }, h("code", { class: "muted" }, space), h("a", { href: `./space.html?${new URLSearchParams({ space })}` }, t("admin.connect.open")), h("a", { href: adminAddress("connect", { space }) }, t("admin.attention.lost_action")));
  const back = h("nav", { class: "breadcrumb", "aria-label": t("admin.tab.spaces") }, h("a", { href: adminAddress("spaces") }, t("admin.space.all")));
  return h("div", { class: "view-head" }, h("div", { class: "view-words" }, back, title, links));
}

// Until the title is known, and if it cannot be, the name stands in its place.
async function nameIt(heading, space, signal) {
  try {
    const { title } = await readSpace(space, signal);
    if (title) setText(heading, title);
  } catch (error) {
    if (!signal.aborted && !(error instanceof GatewayError)) throw error;
  }
}

function tabRow(space, current) {
  const link = (tab) => h("a", { href: adminAddress("space", { space, tab }), "aria-current": tab === current ? "page" : null }, t(`admin.space_tab.${tab}`));
  return h("nav", { class: "admin-tabs space-tabs", "aria-label": t("admin.space_tabs") }, ...Object.keys(TABS).map(link));
}
