/** Announces changes to screen readers, each one once. */
import { part } from "./dom.js";

/** Announce a sentence politely; an identical sentence is not repeated. */
export function announce(text) {
  const region = part(document, "announcement");
  if (region.textContent !== text) region.textContent = text;
}

/**
 * Make an announcer for one piece of information on the page: it announces a sentence when it becomes true, not
 * again while it stays true, and nothing for null. `pause` (ms) waits until the user has stopped typing.
 */
export function makeAnnouncer(pause = 0) {
  /** @type {string | null} */
  let announced = null;
  /** @type {number | undefined} */
  let waiting;

  return (text) => {
    if (text === announced) return;
    announced = text;
    clearTimeout(waiting);
    if (text !== null) waiting = setTimeout(announce, pause, text);
  };
}
