/** Polls while the page is visible, less often the longer nothing changes. */
import { GatewayError } from "./api.js";
import { waitUntil, retryTime, untilVisible, whileVisible } from "../lib/wait.js";

const SHORTEST_MS = 10_000;
const LONGEST_MS = 60_000;
const GROWTH = 1.3;

/**
 * Start polling, at first every `shortestMs`, at last every `longestMs`. `load(signal)` makes the call; `onResponse(response)` is called with every response, and
 * `onError(error, retryAt)` with every failure; if it returns false, polling stops. Returns `pollNow()`, which
 * ends the current wait.
 */
export function poll({ load, onResponse, onError, signal, shortestMs = SHORTEST_MS, longestMs = LONGEST_MS }) {
  const wake = new EventTarget();
  const pace = { unchanged: 0, failures: 0, last: "", shortestMs, longestMs };
  run({ load, onResponse, onError, signal, wake, pace });
  return () => {
    pace.unchanged = 0;
    wake.dispatchEvent(new Event("wake"));
  };
}

async function run({ load, onResponse, onError, signal, wake, pace }) {
  while (!signal.aborted) {
    await untilVisible(signal);
    const turn = whileVisible(signal);
    try {
      const response = await load(turn);
      note(pace, response);
      onResponse(response);
      await waitUntil(Date.now() + period(pace), turn, wake);
    } catch (error) {
      if (turn.aborted) continue;
      if (!(error instanceof GatewayError)) throw error;
      const retryAt = error.retryAt ?? retryTime(pace.failures++);
      if (onError(error, retryAt) === false) return;
      await waitUntil(retryAt, turn, wake);
    }
  }
}

function note(pace, response) {
  const text = JSON.stringify(response, unsigned);
  pace.unchanged = text === pace.last ? pace.unchanged + 1 : 0;
  pace.failures = 0;
  pace.last = text;
}

// The signature of a file's URL differs in every response; ignore it.
const unsigned = (_, value) => (typeof value === "string" && /^https?:/.test(value) ? value.split("?")[0] : value);

const period = ({ unchanged, shortestMs, longestMs }) => Math.min(longestMs, shortestMs * GROWTH ** unchanged);
