/** The workers that are connected now, and what each is doing. */
import { h } from "../dom.js";
import { t } from "../text.js";
import { readWorkers } from "./admin_api.js";
import { emptyState, viewHead } from "./controls.js";
import { showLive } from "./loaded.js";
import { workerCard } from "./worker_card.js";

export function showView(root, { signal }) {
  const list = h("div", {});
  root.append(viewHead(t("admin.tab.workers"), t("admin.workers.lead")), list);
  const draw = (workers) => (workers.length === 0 ? emptyState(t("admin.workers.empty")) : h("ul", { class: "worker-cards" }, ...workers.map((worker) => workerCard(worker, () => askNow()))));
  const askNow = showLive(list, { ask: readWorkers, draw, signal });
}
