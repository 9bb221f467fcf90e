/** Cancels a request. Cancelling twice is harmless, so a busy gateway is asked again. */
import { cancel, GatewayError, readResult } from "../api/api.js";
import { goneEvent, broadcastToFollowers } from "./follow_request.js";
import { waitUntil, retryTime } from "../lib/wait.js";

const MOST_TRIES = 3;
const LONGEST_PAUSE_MS = 4000; // beyond this, tell the user that it failed
const ALREADY_ENDED = 409;

/** Cancel once; `dispatch(event)` is called with the outcome, as events of request_state. */
export async function cancelRequest({ space, id, dispatch }) {
  dispatch({ type: "cancel_requested", id });
  try {
    const status = await endedStatus(space, id);
    if (status) dispatch({ type: "status", status, at: Date.now() });
    const ended = { type: "result", result: await readResult(space, id) };
    dispatch(ended);
    broadcastToFollowers(id, ended);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    dispatch(goneEvent(id, error) ?? { type: "cancel_failed", id, failure: { reached: error.reached, retryAt: error.retryAt } });
  }
}

/** The status after the cancel; null if the request had already ended. */
async function endedStatus(space, id) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await cancel(space, id);
    } catch (/** @type {any} */ error) {
      if (error.status === ALREADY_ENDED) return null;
      const retryAt = error.retryAt ?? retryTime(tries - 1);
      if (tries === MOST_TRIES || !isPassing(error, retryAt)) throw error;
      await waitUntil(retryAt, new AbortController().signal);
    }
  }
}

const isPassing = ({ status }, retryAt) =>
  (status === 429 || status >= 500) && retryAt - Date.now() <= LONGEST_PAUSE_MS;
