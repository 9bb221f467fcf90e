/** The state of a space as a pill; pressed, it shows the line you — gateway — worker. */
import { part, setAttribute, setText, show } from "../lib/dom.js";

/** Mount both; `update(description)` takes the result of describeConnection. */
export function mountConnectionLine(root) {
  const [near, far, marker, worker, words] = ["near", "far", "marker", "worker-name", "connection-words"].map((name) =>
    part(root, name),
  );

  const [toggle, figure, place] = ["connection-toggle", "connection-figure", "connection-place"].map((name) => part(root, name));

  function open(opened) {
    setAttribute(toggle, "aria-expanded", String(opened));
    show(figure, opened);
  }

  function update(connection) {
    setAttribute(root, "data-tone", connection.tone);
    setText(place, connection.place);
    show(place, connection.place !== "");
    setAttribute(near, "data-state", connection.near);
    setAttribute(far, "data-state", connection.far);
    show(marker, connection.mark !== null);
    setAttribute(marker, "data-at", connection.mark?.at);
    setAttribute(marker, "data-tone", connection.mark?.tone);
    setText(worker, connection.worker);
    setText(words, connection.words);
  }

  toggle.addEventListener("click", () => open(figure.hidden));
  root.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || figure.hidden) return;
    open(false);
    toggle.focus();
  });
  document.addEventListener("click", ({ target }) => root.contains(target) || open(false));
  return { update };
}
