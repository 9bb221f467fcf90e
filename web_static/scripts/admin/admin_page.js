/** The entry script of the administration: checks access, then shows the view that the address names. */
import { h, part, setAttribute, show } from "../lib/dom.js";
import { mountSiteHeader } from "../site/site_header.js";
import { t } from "../lib/text.js";
import { adminAddress, readAdminAddress } from "./lib/admin_address.js";
import { openGate } from "./gate.js";
import { errorNotice } from "./ui/error_notice.js";
import { showCurrentTab } from "./ui/tab_row.js";
import { confirmLeave } from "./ui/unsaved_changes.js";

const VIEWS = {
  overview: { load: () => import("./overview/overview_view.js"), tab: "overview" },
  spaces: { load: () => import("./spaces/spaces_view.js"), tab: "spaces" },
  space: { load: () => import("./space_tabs.js"), tab: "spaces" },
  connect: { load: () => import("./connect/connect_view.js"), tab: "spaces" },
  workers: { load: () => import("./workers/workers_view.js"), tab: "workers" },
  requests: { load: () => import("./requests/requests_view.js"), tab: "requests" },
  activity: { load: () => import("./activity/activity_view.js"), tab: "activity" },
  access: { load: () => import("./access/access_view.js"), tab: "access" },
  people: { load: () => import("./people/people_view.js"), tab: "people" },
  audit: { load: () => import("./audit/audit_view.js"), tab: "audit" },
};
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const root = part(main, "view");
let shown = new AbortController();
let address = "";

async function showCurrentAddress({ focus = true } = {}) {
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  address = location.search;
  const { view, values } = readAdminAddress();
  const { load, tab } = VIEWS[view] ?? VIEWS.overview;
  markTab(tab);
  document.title = `${t(`admin.tab.${tab}`)} · ${t("admin.title")} · ${t("site.name")}`;
  root.replaceChildren(h("p", { class: "muted", role: "status" }, t("site.loading")));
  if (focus) root.focus();
  const { showView } = await loadView(load);
  if (signal.aborted) return;
  root.replaceChildren();
  showView(root, { values, signal, go, note });
}

async function loadView(load) {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // the module could not be loaded
    return { showView: (place) => place.append(errorNotice(error, () => showCurrentAddress())) };
  }
}

// A link within the page ("Skip to content") does not change the view.
function addressChanged() {
  if (location.search === address) return;
  if (confirmLeave()) showCurrentAddress();
  else history.pushState(null, "", `./admin.html${address}`);
}

function markTab(tab) {
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll("[data-tab]"))) {
    setAttribute(link, "aria-current", link.dataset.tab === tab ? "page" : null);
  }
  showCurrentTab(main.querySelector(".admin-tabs"));
}

/** Go to a view; with `replace`, Back does not lead to the current one. */
function go(view, values = {}, { replace = false, focus = !replace } = {}) {
  const target = adminAddress(view, values);
  if (replace) history.replaceState(null, "", target);
  else history.pushState(null, "", target);
  showCurrentAddress({ focus });
}

/** Write the choices made within a view to the address, without redrawing it. */
function note(view, values) {
  history.replaceState(null, "", adminAddress(view, values));
  address = location.search;
}

// Links between views are real links: they open in new tabs and work without this handler.
function followLink(event) {
  const link = event.target.closest("a[href^='./admin.html']");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented) return;
  event.preventDefault();
  const { view, values } = readAdminAddress(new URL(link.href).search);
  if (confirmLeave()) go(view, values);
}

function open() {
  show(part(main, "gate"), false);
  show(part(main, "admin"), true);
  main.addEventListener("click", followLink);
  window.addEventListener("popstate", addressChanged);
  showCurrentAddress({ focus: false });
}

mountSiteHeader();
openGate(part(main, "gate"), open);
