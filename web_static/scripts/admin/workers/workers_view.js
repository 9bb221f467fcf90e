/** The view of connected workers and what each is doing. */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { readWorkerPages } from "../lib/admin_api.js";
import { actionButton, emptyState, viewHead } from "../ui/controls.js";
import { showLive } from "../ui/load_view.js";
import { workerCard } from "./worker_card.js";

/** Show the connected workers, and keep them up to date. */
export function showView(root, { signal }) {
  const list = h("div", {});
  root.append(viewHead(t("admin.tab.workers"), t("admin.workers.lead")), list);
  let pages = 1;
  const readMore = () => {
    pages += 1;
    return pollNow();
  };
  const more = () => actionButton(t("admin.more"), readMore, { className: "button", key: "more" });
  const draw = ({ workers, more: areMore }) => {
    if (workers.length === 0 && !areMore) return emptyState(t("admin.workers.empty"));
    const cards = h("ul", { class: "worker-cards" }, ...workers.map((worker) => workerCard(worker, () => pollNow())));
    return areMore ? [cards, h("div", { class: "list-foot" }, more())] : cards;
  };
  const pollNow = showLive(list, { load: (turn) => readWorkerPages(pages, turn), draw, signal });
}
