/** The panels of a space's page that load after its first view: result, history, snippets, advice. */
import { part } from "../lib/dom.js";
import { mountLazy } from "../lib/lazy_part.js";
import { scrollPanelIntoView } from "./scroll_into_view.js";

/**
 * Prepare the panels that the HTML has a place for: `start()` loads them, `update(seen)` updates them with the
 * page's state. `onNews()` is called when a stored request has changed.
 */
export function makeLazyPanels(main, name, { actions, onNews }) {
  const later = (place, load, mount, styles) => {
    const root = part(main, place);
    return root && mountLazy(load, (module) => mount(module, root), { styles });
  };
  const panel = part(main, "result");
  const heading = panel && /** @type {HTMLElement} */ (panel.querySelector("h2"));
  const result = later("result", loadResult, ({ mountResultPanel, runAgain }, root) => mountResultPanel(root, { ...actions, again: () => actions.again(runAgain) }), ["output_files", "metadata", "prose", "snippets"]);
  const history = later("history-panel", () => import("../history/history_panel.js"), ({ mountHistoryPanel }, root) => mountHistoryPanel(root, name, { onNews }), ["history", "badge", "search"]);
  const snippets = later("code", () => import("./snippets.js"), ({ mountSnippets }, root) => mountSnippets(root, name), ["snippets"]);
  const advice = later("no-worker", () => import("./no_worker.js"), ({ mountNoWorker }, root) => mountNoWorker(root, name), ["snippets", "no_worker"]);

  return {
    start: () => [result, history, snippets, advice].forEach((each) => each?.start()),
    focusResult: () => heading.focus({ preventScroll: true }),
    showResult: () => scrollPanelIntoView(panel),
    whenThere: (act) => result.start().then(act),
    refresh: () => history?.get()?.refresh(),
    has: (id) => Boolean(history?.get()?.has(id)),
    update(seen) {
      result.update(seen);
      history?.update(seen.request.id ?? null);
      advice.update(seen.space, seen.request.phase);
      if (seen.space) snippets?.update(seen.space);
    },
  };
}

// "Run again" is a button of the result, which must work as soon as it is shown.
async function loadResult() {
  const [{ mountResultPanel }, { runAgain }] = await Promise.all([import("../result/result_panel.js"), import("../form/run_again.js")]);
  return { mountResultPanel, runAgain };
}
