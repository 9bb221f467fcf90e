/** Where form and result stand one below the other, news comes into view; never while somebody types. */
const STACKED = matchMedia("(width < 52rem)");
const TYPING = "textarea, input, select";

/** Scroll a panel's head to the top of the screen, if it is off the screen or under the action bar. */
export function bringIntoView(panel) {
  if (!STACKED.matches || document.activeElement?.matches(TYPING)) return;
  const { top } = panel.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.3) panel.scrollIntoView({ block: "start" });
}
