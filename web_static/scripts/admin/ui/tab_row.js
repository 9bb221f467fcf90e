/** A row of tabs, which scrolls sideways on a phone. */

/** Bring the link of the current view into sight; a row that shows it from its beginning stays there. */
export function showCurrentTab(row) {
  const current = row.querySelector("[aria-current]");
  if (!current) return;
  const start = current.offsetLeft - row.offsetLeft;
  const room = row.clientWidth - current.offsetWidth;
  row.scrollLeft = start > room ? start - room / 2 : 0;
}
