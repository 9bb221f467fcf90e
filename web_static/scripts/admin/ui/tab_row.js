/** A row of tabs, which scrolls sideways on a phone. */

/** Bring the link of the current view into sight. */
export function showCurrentTab(row) {
  const current = row.querySelector("[aria-current]");
  if (current) row.scrollLeft = current.offsetLeft - row.offsetLeft - current.offsetWidth;
}
