/** The history of all requests, with filters that are kept in the address. */
import { h, setText } from "../../lib/dom.js";
import { GatewayError } from "../../api/gateway_call.js";
import { t } from "../../lib/text.js";
import { readRequests, readSpaces } from "../lib/admin_api.js";
import { actionButton, emptyState, viewHead } from "../ui/controls.js";
import { askPurge } from "./purge.js";
import { filterForm, filtersForGateway } from "./request_filters.js";
import { makeDrawer } from "./request_drawer.js";
import { requestTable } from "./request_table.js";
import { makeTurns, showLive } from "../ui/load_view.js";
import { mountShowMore } from "../ui/show_more.js";

/** Show the requests that match the filters of the address; with `within`, those of that space only. */
export function showView(root, { values, within = null, signal, note }) {
  const { request: named, ...given } = values;
  const list = h("div", {});
  const nextTurn = makeTurns(signal);
  let chosen = given;
  const drawer = makeDrawer({ signal, changed: () => reload(), closed: (id) => focusOpener(list, id) });
  const reload = () => showRequests(list, chosen, { drawer, signal: nextTurn() });
  const refresh = actionButton(t("admin.requests.refresh"), reload, { className: "button" });
  const purge = async () => {
    if (await askPurge(chosen.space)) await reload();
  };
  const purgeButton = actionButton(t("admin.purge.open"), purge, { className: "button is-danger-quiet" });
  purgeButton.hidden = !chosen.space;
  const choose = (wanted) => {
    chosen = wanted;
    purgeButton.hidden = !chosen.space;
    note("requests", chosen);
    reload();
  };
  const filters = h("div", {});
  const head = within ? h("div", { class: "view-actions" }, refresh, purgeButton) : viewHead(t("admin.tab.requests"), t("admin.requests.lead"), refresh, purgeButton);
  root.append(head, filters, list);
  if (within) filters.append(filterForm(given, [], choose, within));
  else mountFilters(filters, given, signal, choose);
  if (named) drawer.open(named, null, { isNew: false });
  return reload();
}

// If the list has been redrawn since, the drawer's own way back leads nowhere.
function focusOpener(list, id) {
  list.querySelector(`[data-focus="${CSS.escape(`open ${id}`)}"]`)?.focus();
}

// The filters also work without the list of spaces: the space of the address stays selectable.
async function mountFilters(root, values, signal, onChange) {
  const spaces = await readSpaces(signal).catch((error) => (signal.aborted || error instanceof GatewayError ? [] : Promise.reject(error)));
  if (!signal.aborted) root.replaceChildren(filterForm(values, spaces.map(({ space }) => space), onChange));
}

// The list follows what happens as long as only its first page is shown; drawing it would drop the others.
function showRequests(root, values, { drawer, signal }) {
  const filters = filtersForGateway(values);
  const live = new AbortController();
  const reload = () => {
    live.abort();
    if (!signal.aborted) showRequests(root, values, { drawer, signal });
  };
  const draw = (page) => {
    drawer.update(page.requests);
    return drawPages(page, { filters, signal, reload, drawer, onMore: () => live.abort() });
  };
  showLive(root, { load: (turn) => readRequests(filters, turn), draw, signal: AbortSignal.any([signal, live.signal]) });
}

function drawPages(first, { filters, signal, reload, drawer, onMore }) {
  const leftOff = leftOffNote(first.spaces_left_off ?? 0);
  if (first.requests.length === 0 && !first.next_cursor) return [...leftOff, emptyState(t("admin.requests.empty"))];
  const handlers = { changed: reload, open: (request) => drawer.open(request.request_id, request) };
  const table = requestTable(first.requests, handlers);
  const rows = /** @type {HTMLElement} */ (table.querySelector("tbody"));
  const count = h("p", { class: "muted", role: "status" });
  const noteCount = () => setText(count, t("admin.requests.count", { count: rows.children.length }));

  function add({ requests }) {
    const added = [...requestTable(requests, handlers).querySelectorAll("tbody tr")];
    rows.append(...added);
    noteCount();
    return added;
  }

  function readMore(cursor) {
    onMore();
    return readRequests({ ...filters, cursor }, signal);
  }

  const { button, trouble } = mountShowMore(first, { read: readMore, add, signal });
  noteCount();
  return [...leftOff, table, h("div", { class: "list-foot" }, count, button), trouble];
}

const leftOffNote = (count) => (count > 0 ? [h("p", { class: "notice", "data-tone": "warn" }, t("admin.requests.left_off", { count }))] : []);
