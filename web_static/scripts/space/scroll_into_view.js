/** Where form and result stand one below the other, what somebody asked for comes into view, if none of it is. */
const STACKED = matchMedia("(width < 52rem)");
const TYPING = "textarea, input, select";
const SEEN_PX = 48; // about one line: less of a panel is not seen

/** Scroll a panel's head to the top of the screen, if nothing of the panel is seen; only after the reader's own action. */
export function bringIntoView(panel) {
  if (STACKED.matches && !document.activeElement?.matches(TYPING) && !isSeen(panel)) panel.scrollIntoView({ block: "start" });
}

function isSeen(panel) {
  const { top, bottom } = panel.getBoundingClientRect();
  return Math.min(bottom, innerHeight - barHeight()) - Math.max(top, 0) >= SEEN_PX;
}

// The primary action lies over the end of the screen.
function barHeight() {
  const bar = document.querySelector(".run-bar");
  return bar && getComputedStyle(bar).position === "fixed" ? bar.offsetHeight : 0;
}
