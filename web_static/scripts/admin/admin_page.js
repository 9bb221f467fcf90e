/** The administration: who may, which view, and what a view needs. */
import { h, part, setAttribute, show } from "../lib/dom.js";
import { mountSiteHeader } from "../site/site_header.js";
import { t } from "../lib/text.js";
import { adminAddress, readAdminAddress } from "./lib/admin_address.js";
import { openGate } from "./gate.js";
import { troubleNotice } from "./ui/error_notice.js";
import { mayLeave } from "./ui/unsaved_changes.js";

const VIEWS = {
  spaces: { load: () => import("./spaces/spaces_view.js"), tab: "spaces" },
  space: { load: () => import("./spaces/space_view.js"), tab: "spaces" },
  workers: { load: () => import("./workers/workers_view.js"), tab: "workers" },
  requests: { load: () => import("./requests/requests_view.js"), tab: "requests" },
  activity: { load: () => import("./activity/activity_view.js"), tab: "activity" },
  access: { load: () => import("./access/access_view.js"), tab: "access" },
  audit: { load: () => import("./audit/audit_view.js"), tab: "audit" },
};
const main = document.querySelector("main");
const root = part(main, "view");
let shown = new AbortController();
let address = "";

async function showAddressed({ focus = true } = {}) {
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  address = location.search;
  const { view, values } = readAdminAddress();
  const { load, tab } = VIEWS[view] ?? VIEWS.spaces;
  markTab(tab);
  document.title = `${t(`admin.tab.${tab}`)} · ${t("admin.title")} · ${t("site.name")}`;
  root.replaceChildren(h("p", { class: "quiet", role: "status" }, t("site.loading")));
  if (focus) root.focus();
  const { showView } = await reach(load);
  if (signal.aborted) return;
  root.replaceChildren();
  showView(root, { values, signal, go, note });
}

async function reach(load) {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // of an import: the file cannot be had
    return { showView: (place) => place.append(troubleNotice(error, () => showAddressed())) };
  }
}

// A link within the page ("Skip to content") changes nothing that is shown.
function readdressed() {
  if (location.search === address) return;
  if (mayLeave()) showAddressed();
  else history.pushState(null, "", `./admin.html${address}`);
}

function markTab(tab) {
  for (const link of main.querySelectorAll("[data-tab]")) {
    const current = link.dataset.tab === tab;
    setAttribute(link, "aria-current", current ? "page" : null);
    if (current) link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.offsetLeft - link.offsetWidth;
  }
}

/** Go to a view; `replace` where Back shall not lead to the present one. */
function go(view, values = {}, { replace = false, focus = !replace } = {}) {
  const address = adminAddress(view, values);
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  showAddressed({ focus });
}

/** Let the address hold what is chosen within a view, which stays as it is. */
function note(view, values) {
  history.replaceState(null, "", adminAddress(view, values));
  address = location.search;
}

// Links between views stay real links: they open in new tabs, and work without this.
function followLink(event) {
  const link = event.target.closest("a[href^='./admin.html']");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented) return;
  event.preventDefault();
  const { view, values } = readAdminAddress(new URL(link.href).search);
  if (mayLeave()) go(view, values);
}

function open() {
  show(part(main, "gate"), false);
  show(part(main, "office"), true);
  main.addEventListener("click", followLink);
  window.addEventListener("popstate", readdressed);
  showAddressed({ focus: false });
}

mountSiteHeader();
openGate(part(main, "gate"), open);
