/** The parts of a space's page that its first look does without: result, history, snippets, advice. */
import { readAddress } from "../lib/page_address.js";
import { bringIntoView } from "./scroll_into_view.js";
import { part } from "../lib/dom.js";
import { mountLater } from "../lib/lazy_part.js";

const STYLES = { result: ["output_files", "facts", "prose", "snippets"], history: ["history", "badge", "search"], code: ["snippets"], advice: ["snippets", "no_worker"] };

/** Make them; `start()` loads those that the HTML has a place for, `update(seen)` takes what `view()` sees. */
export function makeSpaceParts(main, name, { actions, onNews }) {
  const later = (place, mount, styles) => {
    const root = part(main, place);
    return root && mountLater(() => import("./lazy_modules.js"), (module) => mount(module, root), { styles });
  };
  const panel = part(main, "result");
  const result = later("result", ({ mountResult, runAgain }, root) => mountResult(root, { ...actions, again: () => actions.again(runAgain) }), STYLES.result);
  const history = later("history-panel", ({ mountRequestHistory, refreshHistory }, root) => {
    refreshHistory(name, readAddress().request, onNews);
    return mountRequestHistory(root, name);
  }, STYLES.history);
  const snippets = later("code", ({ mountSnippets }, root) => mountSnippets(root, name), STYLES.code);
  const advice = later("no-worker", ({ mountNoWorker }, root) => mountNoWorker(root, name), STYLES.advice);

  return {
    start: () => [result, history, snippets, advice].forEach((each) => each?.start()),
    focusResult: () => panel.querySelector("h2").focus({ preventScroll: true }),
    showResult: () => bringIntoView(panel),
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
