/** The history of all requests, with filters that the address holds. */
import { h, setText } from "../dom.js";
import { GatewayError } from "../gateway_call.js";
import { t } from "../text.js";
import { readRequests, readSpaces } from "./admin_api.js";
import { actionButton, emptyState, viewHead } from "./controls.js";
import { askPurge } from "./purge.js";
import { filterForm, filtersForGateway } from "./request_filters.js";
import { requestTable } from "./request_table.js";
import { showLoaded } from "./loaded.js";
import { troubleNotice } from "./trouble.js";

export function showView(root, { values, signal, go }) {
  const list = h("div", {});
  const reload = () => showRequests(list, values, signal);
  const refresh = actionButton(t("admin.requests.refresh"), reload, { className: "button" });
  const tidy = actionButton(t("admin.purge.open"), () => askPurge(values.space).then((ended) => ended && reload()), { className: "button is-danger-quiet" });
  tidy.hidden = !values.space;
  const filters = h("div", {});
  root.append(viewHead(t("admin.tab.requests"), t("admin.requests.lead"), refresh, tidy), filters, list);
  mountFilters(filters, values, signal, (chosen) => go("requests", chosen, { replace: true }));
  return reload();
}

// The filters work without the list of spaces; the name is then written.
async function mountFilters(root, values, signal, onChange) {
  const spaces = await readSpaces(signal).catch((error) => (signal.aborted || error instanceof GatewayError ? [] : Promise.reject(error)));
  if (!signal.aborted) root.replaceChildren(filterForm(values, spaces.map(({ space }) => space), onChange));
}

function showRequests(root, values, signal) {
  const filters = filtersForGateway(values);
  const reload = () => showRequests(root, values, signal);
  const draw = (page) => drawPages(page, { filters, signal, reload });
  return showLoaded(root, { ask: (turn) => readRequests(filters, turn), draw, signal });
}

function drawPages(first, { filters, signal, reload }) {
  const table = requestTable(first.requests, reload);
  const count = h("p", { class: "quiet", role: "status" });
  const trouble = h("div", {});
  const more = actionButton(t("admin.more"), () => addPage(), { className: "button" });
  let cursor = first.next_cursor ?? null;
  let shown = first.requests.length;
  const note = () => ((more.hidden = cursor === null), setText(count, t("admin.requests.count", { count: shown })));

  async function addPage() {
    trouble.replaceChildren();
    try {
      const page = await readRequests({ ...filters, cursor }, signal);
      const added = requestTable(page.requests, reload);
      table.querySelector("tbody").append(...added.querySelectorAll("tbody tr"));
      cursor = page.next_cursor ?? null;
      shown += page.requests.length;
      note();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      trouble.replaceChildren(troubleNotice(error, addPage));
    }
  }

  note();
  const leftOff = leftOffNote(first.spaces_left_off ?? 0);
  if (shown === 0 && cursor === null) return [leftOff, emptyState(t("admin.requests.empty"))].filter(Boolean);
  return [...(leftOff ? [leftOff] : []), table, h("div", { class: "list-foot" }, count, more), trouble];
}

const leftOffNote = (count) => (count > 0 ? h("p", { class: "notice", "data-tone": "warn" }, t("admin.requests.left_off", { count })) : null);
