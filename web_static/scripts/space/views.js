/** The views of a space: Playground, API, About. The address names the one that is open. */
import { readAddress, replaceView } from "../lib/page_address.js";
import { mountTabs } from "../lib/tabs.js";

const FIRST = "playground";

/** Mount the tabs; `open[view]()` and `onOpened()` are called when a view is opened. Returns `show(view)`; a frame has no tabs. */
export function mountViews(row, open, onOpened) {
  if (!row) return () => undefined;
  const tabOf = (view) => row.querySelector(`[data-view="${view}"]`);
  const choose = mountTabs(row, ({ dataset: { view } }) => opened(view));

  function opened(view) {
    replaceView(view === FIRST ? null : view);
    open[view]?.();
    onOpened();
  }

  function show(view) {
    const tab = tabOf(view);
    if (!tab) return;
    choose(tab);
    opened(view);
  }

  const { view } = readAddress();
  if (view !== null && Object.hasOwn(open, view)) show(view);
  return show;
}
