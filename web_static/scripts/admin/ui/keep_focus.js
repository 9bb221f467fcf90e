/** Lets the keyboard stay where it is when what it stands on is drawn anew. */

/** Redraw; the element with the same `data-focus` gets the focus back, an open `details` stays open. */
export function keepFocus(root, redraw) {
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  const open = Array.from(root.querySelectorAll("details[open][data-focus]"), (each) => each.dataset.focus);
  redraw();
  for (const details of root.querySelectorAll("details[data-focus]")) details.open = open.includes(details.dataset.focus);
  if (focused) root.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}
