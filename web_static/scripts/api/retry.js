/** Does something that a bad line may cut, again after a pause; without a network it waits for one. */
import { pauseUntil } from "../lib/wait.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const STORAGE_TOO_SLOW = "RequestTimeout"; // S3 says so, with 400, of a body that stopped coming

/**
 * Do it; gives what it gives. After `most` cuts in a row, while there was a network, it throws the last
 * error; what was refused, at once. `onDelay({offline})` hears of every cut before the pause.
 */
export async function tryAgain(attempt, { most, onDelay, signal }) {
  for (let cuts = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error)) throw error;
      const offline = !navigator.onLine;
      if (!offline && ++cuts === most) throw error;
      onDelay({ offline });
      await (offline ? untilOnline(signal) : pauseUntil(Date.now() + pauseAfter(cuts), signal));
      signal.throwIfAborted();
    }
  }
}

const mayPass = ({ reached, status, errorType }) => reached === false || status >= 500 || errorType === STORAGE_TOO_SLOW;

// Full jitter: what one event cut for many does not come back as one crowd.
const pauseAfter = (cuts) => Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (cuts - 1));

function untilOnline(signal) {
  return new Promise((resolve) => {
    if (navigator.onLine || signal.aborted) return resolve();
    const heard = new AbortController();
    const done = () => (heard.abort(), resolve());
    window.addEventListener("online", done, { signal: heard.signal });
    signal.addEventListener("abort", done, { signal: heard.signal });
  });
}
