/** Tells screen readers what changed, each thing once. */
import { part } from "./dom.js";

/** Say a sentence politely; said again only after something else was said. */
export function announce(text) {
  const region = part(document, "announcement");
  if (region.textContent !== text) region.textContent = text;
}

/**
 * Make a teller of one thing that is seen on the page: it says a sentence when it becomes true, not again
 * while it stays, and nothing for null. `pause` (ms) lets somebody type to the end.
 */
export function makeTeller(pause = 0) {
  let told = null;
  let waiting = null;

  return (text) => {
    if (text === told) return;
    told = text;
    clearTimeout(waiting);
    if (text !== null) waiting = setTimeout(announce, pause, text);
  };
}
