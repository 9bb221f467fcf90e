/** What needs attention, each with the place where it is seen to. */
import { h } from "../../lib/dom.js";
import { dateTime, number, percentage } from "../../lib/format.js";
import { toLocal } from "../../lib/server_clock.js";
import { t } from "../../lib/text.js";
import { adminAddress } from "../lib/admin_address.js";
import { badge } from "../ui/controls.js";

const MOST = 12;

const LOOKS = {
  waiting: { tone: "bad", icon: "warning", view: "connect" },
  failing: { tone: "bad", icon: "warning", view: "space", values: { tab: "requests", state: "FAILED" } },
  lost: { tone: "warn", icon: "cross", view: "connect" },
  reconnecting: { tone: "warn", icon: "again", view: "space", values: { tab: "workers" } },
  deleting: { tone: "warn", icon: "warning", view: "space", values: { tab: "settings" } },
  paused: { tone: "warn", icon: "pause", view: "space", values: { tab: "workers" } },
  disabled: { tone: "none", icon: "pause", view: "space", values: { tab: "settings" } },
  unlinked: { tone: "none", icon: "clock", view: "connect" },
};

/** Draw the items of `needsAttention`, the first of many. */
export function attentionList(items, titleOf) {
  if (items.length === 0) return h("p", { class: "panel" }, badge({ tone: "good", icon: "check", word: t("admin.overview.fine") }));
  const list = h("ul", { class: "attention panel" }, ...items.slice(0, MOST).map((each) => line(each, titleOf)));
  const more = items.length > MOST ? h("p", { class: "muted" }, t("admin.overview.more", { count: items.length - MOST }), " ", h("a", { href: adminAddress("spaces") }, t("admin.space.all"))) : null;
  return h("div", { class: "attention-all" }, list, more);
}

function line({ kind, space, count = 0, rate = 0, since = null, worker = "" }, titleOf) {
  const look = LOOKS[kind];
  const time = since === null ? "" : dateTime(/** @type {number} */ (toLocal(since)));
  const words = t(`admin.attention.${kind}`, { count, rate: percentage(rate), time, worker, number: number(count) });
  const name = h("a", { href: adminAddress("space", { space, tab: "overview" }), dir: "auto", "data-focus": `attention ${kind} ${space} ${worker}` }, titleOf(space));
  const act = h("a", { class: "button is-small", href: adminAddress(look.view, { space, ...look.values }), "aria-label": `${t(`admin.attention.${kind}_action`)}: ${titleOf(space)}`, "data-focus": `act ${kind} ${space} ${worker}` }, t(`admin.attention.${kind}_action`));
  return h("li", {}, badge({ tone: look.tone, icon: look.icon, word: t(`admin.attention.${kind}_word`) }), h("p", {}, name, " ", h("span", { class: "muted" }, words)), act);
}
