/** On narrow screens, where form and result are stacked, scrolls to the panel that the user acted on. */
const STACKED = matchMedia("(width < 52rem)");
const TYPING = "textarea, input, select";
const SEEN_PX = 48; // about one line: less of a panel counts as out of view

/** Scroll to the top of a panel if none of it is in view; call only after the user's own action. */
export function scrollPanelIntoView(panel) {
  if (STACKED.matches && !document.activeElement?.matches(TYPING) && !isSeen(panel)) panel.scrollIntoView({ block: "start" });
}

/** Scroll to the top of a panel, even if a part of it is in view: the user asked for what it shows. */
export function scrollPanelToTop(panel) {
  if (STACKED.matches) panel.scrollIntoView({ block: "start" });
}

function isSeen(panel) {
  const { top, bottom } = panel.getBoundingClientRect();
  return Math.min(bottom, innerHeight - barHeight()) - Math.max(top, 0) >= SEEN_PX;
}

// The main button covers the bottom of the screen.
function barHeight() {
  /** @type {HTMLElement | null} */
  const bar = document.querySelector(".run-bar");
  return bar && getComputedStyle(bar).position === "fixed" ? bar.offsetHeight : 0;
}
