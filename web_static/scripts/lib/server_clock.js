/** Converts the gateway's times to this machine's clock, which may be wrong. */
const TOLERATED_MS = 2000; // the Date header has whole seconds, and the response took time to arrive
let offset = 0;

/** Learn from a response's Date header how far this machine's clock is off. */
export function syncServerClock(header, now = Date.now()) {
  const server = Date.parse(header ?? "");
  if (Number.isNaN(server)) return;
  const difference = server + 500 - now;
  offset = Math.abs(difference) < TOLERATED_MS ? 0 : difference;
}

/** A gateway time in milliseconds of this machine's clock; null stays null. */
export function toLocal(text) {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? null : time - offset;
}

/** Seconds between two gateway times. */
export const secondsBetween = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;
