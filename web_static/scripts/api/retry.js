/** Retries transfers that a bad connection interrupts; waits while the browser is offline. */
import { waitUntil } from "../lib/wait.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const STORAGE_TOO_SLOW = "RequestTimeout"; // S3 answers 400 with this code when a body stops arriving

/**
 * Run `attempt` and return its result. Throws the last error after `maxFailures` interruptions in a row while
 * online, and immediately if the attempt was rejected. `onDelay({offline})` is called before each wait.
 */
export async function retry(attempt, { maxFailures, onDelay, signal }) {
  for (let cuts = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error)) throw error;
      const offline = !navigator.onLine;
      if (!offline && ++cuts === maxFailures) throw error;
      onDelay({ offline });
      await (offline ? untilOnline(signal) : waitUntil(Date.now() + pauseAfter(cuts), signal));
      signal.throwIfAborted();
    }
  }
}

/** @type {(error: any) => boolean} */
const mayPass = ({ reached, status, errorType }) => reached === false || status >= 500 || errorType === STORAGE_TOO_SLOW;

// Full jitter: clients interrupted by the same event do not all retry at once.
const pauseAfter = (cuts) => Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (cuts - 1));

/** @returns {Promise<void>} */
function untilOnline(signal) {
  return new Promise((resolve) => {
    if (navigator.onLine || signal.aborted) {
      resolve();
      return;
    }
    const heard = new AbortController();
    const done = () => {
      heard.abort();
      resolve();
    };
    window.addEventListener("online", done, { signal: heard.signal });
    signal.addEventListener("abort", done, { signal: heard.signal });
  });
}
