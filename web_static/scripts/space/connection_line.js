/** The link line at the head of a space: you — gateway — worker. */
import { part, setAttribute, setText, show } from "../lib/dom.js";

/** Mount the line; `update(description)` takes what describeLink says. */
export function mountLink(root) {
  const [near, far, marker, worker, words] = ["near", "far", "marker", "worker-name", "link-words"].map((name) =>
    part(root, name),
  );

  function update(link) {
    setAttribute(near, "data-state", link.near);
    setAttribute(far, "data-state", link.far);
    show(marker, link.mark !== null);
    setAttribute(marker, "data-at", link.mark?.at);
    setAttribute(marker, "data-tone", link.mark?.tone);
    setText(worker, link.worker);
    setText(words, link.words);
  }

  return { update };
}
