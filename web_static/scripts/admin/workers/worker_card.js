/** One connected worker: connection, spaces, running requests and actions. */
import { toLocal } from "../../lib/server_clock.js";
import { h } from "../../lib/dom.js";
import { dateTime, number, percentage } from "../../lib/format.js";
import { hasText, t } from "../../lib/text.js";
import { adminAddress } from "../lib/admin_address.js";
import { ticketOf } from "../lib/ticket.js";
import { badge } from "../ui/controls.js";
import { workerActions } from "./worker_actions.js";

const TONES = { ready: "good", busy: "good", paused: "warn", draining: "warn", reconnecting: "warn" };
const ICONS = { ready: "check", busy: "clock", paused: "pause", draining: "pause", reconnecting: "again" };

/** Draw a worker; `changed()` is called after an action. */
export function workerCard(worker, changed) {
  const name = h("h3", {}, worker.worker_id);
  const spaces = h("ul", { class: "worker-spaces" }, ...worker.spaces.map((each) => spaceLine(each, worker)));
  return h("li", { class: "panel worker-card" }, h("div", { class: "worker-head" }, name, workerActions(worker, changed)), metadata(worker), spaces);
}

function metadata({ agent, connected_at: since, last_active_at: active, token_id: token }) {
  const line = (key, value) => (value ? h("div", {}, h("dt", {}, t(`admin.worker.${key}`)), h("dd", {}, value)) : null);
  return h(
    "dl",
    { class: "metadata" },
    line("agent", agent || null),
    line("connected", since && dateTime(toLocal(since))),
    line("active", active ? dateTime(toLocal(active)) : t("admin.worker.not_told")),
    line("token", token && h("code", {}, token)),
  );
}

function spaceLine({ space, state, capacity, running }, { worker_id: worker }) {
  const word = hasText(`admin.worker.${state}`) ? t(`admin.worker.${state}`) : state;
  const link = h("a", { href: adminAddress("space", { space, tab: "overview" }), "data-focus": `${worker} ${space}` }, space);
  const slots = h("span", { class: "muted" }, t("admin.worker.slots", { used: number(running.length), count: number(capacity) }));
  const head = h("p", { class: "worker-space" }, link, badge({ tone: TONES[state] ?? "none", icon: ICONS[state] ?? "clock", word }), slots);
  return h("li", {}, head, running.length > 0 ? h("ul", { class: "worker-running" }, ...running.map((each) => runningLine(space, each))) : null);
}

function runningLine(space, { request_id: id, since, attempt, percent, message }) {
  const address = `./space.html?${new URLSearchParams({ space, request: id })}`;
  const known = percent === null || percent === undefined ? null : percentage(percent / 100);
  const words = [t("admin.worker.running_since", { time: dateTime(toLocal(since)) }), attempt > 1 ? t("admin.worker.attempt", { attempt }) : null, known, message];
  const bar = known ? h("progress", { class: "progress-bar", max: "100", value: percent, "aria-label": t("admin.worker.progress", { id: ticketOf(id) }) }) : null;
  return h("li", {}, h("a", { href: address, "data-focus": id }, h("code", {}, ticketOf(id))), " ", h("span", { class: "muted" }, words.filter(Boolean).join(" · ")), bar);
}
