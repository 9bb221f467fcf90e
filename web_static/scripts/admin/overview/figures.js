/** The figures of the overview: workers, requests, errors and waiting. */
import { h } from "../../lib/dom.js";
import { duration, number, percentage } from "../../lib/format.js";
import { t } from "../../lib/text.js";
import { adminAddress } from "../lib/admin_address.js";
import { sparkline } from "./sparkline.js";

/** Draw the figures; `sums` is null until the activities have been read. */
export function figures(live, sums, titleOf) {
  return h("dl", { class: "overview-figures" }, workers(live), ...(sums ? [requests(sums), errors(sums), waiting(sums, titleOf)] : [pending("requests"), pending("errors"), pending("wait")]));
}

function figure(name, value, ...more) {
  return h("div", { class: "panel overview-figure", "data-figure": name }, h("dt", {}, t(`admin.overview.${name}`)), h("dd", {}, h("span", { class: "overview-number" }, value), ...more));
}

const pending = (name) => figure(name, "…");

const quiet = (...words) => h("span", { class: "muted" }, ...words);

function workers(live) {
  const places = [...live.values()].flatMap((space) => space.workers);
  const online = new Set(places.filter(({ state }) => state !== "reconnecting").map((place) => place.worker_id));
  const served = [...live.values()].filter(({ connected }) => connected).length;
  const link = h("a", { href: adminAddress("workers"), "data-focus": "figure workers" }, number(online.size));
  return figure("workers", link, quiet(t("admin.overview.served", { served: number(served), count: live.size })));
}

function requests({ hours, accepted }) {
  const most = Math.max(...hours.map((hour) => hour.accepted));
  const words = t("admin.overview.per_hour", { count: number(accepted), most: number(most) });
  return figure("requests", number(accepted), sparkline(hours, words));
}

function errors({ ended, failed }) {
  if (ended === 0) return figure("errors", "–", quiet(t("admin.overview.none_ended")));
  return figure("errors", percentage(failed / ended), quiet(t("admin.overview.failed_of", { failed: number(failed), all: number(ended), count: ended })));
}

function waiting({ slowest }, titleOf) {
  if (slowest === null) return figure("wait", "–", quiet(t("admin.overview.none_ended")));
  const { space, seconds } = slowest;
  const link = h("a", { href: adminAddress("space", { space, tab: "overview" }), dir: "auto", "data-focus": "figure wait" }, titleOf(space));
  return figure("wait", duration(seconds), quiet(t("admin.overview.slowest"), " ", link));
}
