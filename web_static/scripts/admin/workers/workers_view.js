/** The view of connected workers and what each is doing. */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { adminAddress } from "../lib/admin_address.js";
import { readWorkerPages } from "../lib/admin_api.js";
import { actionButton, emptyState, viewHead } from "../ui/controls.js";
import { showLive } from "../ui/load_view.js";
import { workerCard } from "./worker_card.js";

/** Show the connected workers, or those of one space (`within`), and keep them up to date. */
export function showView(root, { within = null, signal }) {
  const list = h("div", {});
  root.append(...(within ? [] : [viewHead(t("admin.tab.workers"), t("admin.workers.lead"))]), list);
  let pages = 1;
  const readMore = () => {
    pages += 1;
    return pollNow();
  };
  const more = () => actionButton(t("admin.more"), readMore, { className: "button", key: "more" });
  const none = () => (within ? emptyState(t("admin.workers.none_here"), h("a", { class: "button is-primary", href: adminAddress("connect", { space: within }) }, t("admin.attention.lost_action"))) : emptyState(t("admin.workers.empty")));
  const draw = ({ workers: all, more: areMore }) => {
    const workers = within ? all.filter(({ spaces }) => spaces.some(({ space }) => space === within)) : all;
    if (workers.length === 0 && !areMore) return none();
    const cards = h("ul", { class: "worker-cards" }, ...workers.map((worker) => workerCard(worker, () => pollNow())));
    return areMore ? [cards, h("div", { class: "list-foot" }, more())] : cards;
  };
  const pollNow = showLive(list, { load: (turn) => readWorkerPages(pages, turn), draw, signal });
}
