/** Lets the user order the items of a list by dragging them with the mouse. */

const KIND = "application/x-spaces-order"; // nothing else that is dragged over the list moves its items

/**
 * Listen on a list whose items have a `[draggable]` part; `onOrder(items)` is called with the list's children in their
 * new order. A drag that is given up (Escape, or dropped elsewhere) calls `onCancel()`.
 * @param {HTMLElement} list
 * @param {{onOrder: (items: Element[]) => void, onCancel: () => void}} options
 */
export function mountDragOrder(list, { onOrder, onCancel }) {
  /** @type {Element | null} */
  let dragged = null;

  list.addEventListener("dragstart", (event) => {
    const { dataTransfer } = event;
    dragged = itemOf(list, event.target);
    if (!dragged || !dataTransfer) return;
    const { left, top } = dragged.getBoundingClientRect();
    dataTransfer.setData(KIND, "");
    dataTransfer.effectAllowed = "move";
    dataTransfer.setDragImage(dragged, event.clientX - left, event.clientY - top);
    dragged.toggleAttribute("data-dragged", true);
  });
  list.addEventListener("dragover", (event) => {
    const over = itemOf(list, event.target);
    if (!dragged) return;
    event.preventDefault();
    if (over && over !== dragged) place(dragged, over, event.clientY);
  });
  list.addEventListener("drop", (event) => dragged && event.preventDefault());
  list.addEventListener("dragend", ({ dataTransfer }) => {
    if (!dragged) return;
    dragged.removeAttribute("data-dragged");
    dragged = null;
    if (dataTransfer?.dropEffect === "none") onCancel();
    else onOrder([...list.children]);
  });
}

const itemOf = (list, target) => [...list.children].find((item) => item.contains(/** @type {Node} */ (target))) ?? null;

// Past the middle of another item, the dragged one takes its place.
function place(dragged, over, y) {
  const { top, height } = over.getBoundingClientRect();
  const isAfter = y > top + height / 2;
  if (isAfter && over.nextElementSibling !== dragged) over.after(dragged);
  if (!isAfter && over.previousElementSibling !== dragged) over.before(dragged);
}
