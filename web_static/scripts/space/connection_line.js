/** The connection line at the top of a space: you — gateway — worker. */
import { part, setAttribute, setText, show } from "../lib/dom.js";

/** Mount the line; `update(description)` takes the result of describeConnection. */
export function mountConnectionLine(root) {
  const [near, far, marker, worker, words] = ["near", "far", "marker", "worker-name", "connection-words"].map((name) =>
    part(root, name),
  );

  function update(connection) {
    setAttribute(near, "data-state", connection.near);
    setAttribute(far, "data-state", connection.far);
    show(marker, connection.mark !== null);
    setAttribute(marker, "data-at", connection.mark?.at);
    setAttribute(marker, "data-tone", connection.mark?.tone);
    setText(worker, connection.worker);
    setText(words, connection.words);
  }

  return { update };
}
