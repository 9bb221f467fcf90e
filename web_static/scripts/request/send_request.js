/** Submits an input exactly once, even if the network or a response is lost. */
import { submit } from "../api/api.js";
import { waitUntil, retryTime } from "../lib/wait.js";

const SERVER_FAILURES = 3;
const INPUT_ERRORS = new Set(["input_too_large", "body_too_large", "invalid_input", "upload_missing", "file_too_large", "file_type_refused"]);

/** A random key (128 bits) that identifies one submit however often it is sent. */
export function newIdempotencyKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Send until the gateway responds. Returns the accepted request; throws the GatewayError of a rejection, or the
 * signal's reason. `onDelay({reached, retryAt})` is called before each retry.
 */
export async function sendRequest({ space, input, key, signal, wake, onDelay }) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await submit(space, input, key, signal);
    } catch (/** @type {any} */ error) {
      if (signal.aborted || !isWorthRepeating(error, failures)) throw error;
      const retryAt = error.retryAt ?? retryTime(failures);
      onDelay({ reached: error.reached, retryAt });
      await waitUntil(retryAt, signal, wake);
      signal.throwIfAborted();
    }
  }
}

// Without a response, it is unknown whether the submit was accepted; repeating it with the same key is safe.
function isWorthRepeating(error, failures) {
  if (!error.reached) return true;
  return isUncertain(error) && failures < SERVER_FAILURES;
}

/** Whether a rejected submit may have been accepted after all. */
export function isUncertain(error) {
  return error.status >= 500 && error.errorType !== "no_worker";
}

/** Whether the gateway rejected the submit because of its input. */
export const isAboutInput = (error) => INPUT_ERRORS.has(error.errorType);
