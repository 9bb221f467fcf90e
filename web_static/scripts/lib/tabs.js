/** A row of tabs in the HTML: arrows move, and each shows its panel. */
import { setAttribute, show } from "./dom.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/**
 * Mount the tabs of a `role="tablist"`; `onChoose(tab)` is called when the user chooses one. Returns `choose(tab)`.
 * @param {HTMLElement} row
 * @param {(tab: HTMLElement) => void} onChoose
 */
export function mountTabs(row, onChoose) {
  const tabs = /** @type {HTMLElement[]} */ ([...row.querySelectorAll('[role="tab"]')]);

  function choose(chosen) {
    for (const each of tabs) {
      setAttribute(each, "aria-selected", String(each === chosen));
      setAttribute(each, "tabindex", each === chosen ? 0 : -1);
      const panel = document.getElementById(each.getAttribute("aria-controls") ?? "");
      if (panel) show(panel, each === chosen);
    }
  }

  function choseByUser(tab) {
    choose(tab);
    tab.focus();
    onChoose(tab);
  }

  row.addEventListener("click", ({ target }) => {
    const tab = tabs.find((each) => each.contains(/** @type {Node} */ (target)));
    if (tab) choseByUser(tab);
  });
  row.addEventListener("keydown", ({ key }) => {
    if (key in STEPS) choseByUser(tabs.at((tabs.findIndex((each) => each.ariaSelected === "true") + STEPS[key]) % tabs.length));
  });
  return choose;
}
