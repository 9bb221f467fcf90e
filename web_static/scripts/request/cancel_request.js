/** Gets a request cancelled. Asking twice changes nothing, so a gateway that is busy is asked again. */
import { cancel, GatewayError, readResult } from "../api/api.js";
import { goneEvent, tellFollowers } from "./follow_request.js";
import { pauseUntil, retryTime } from "../lib/wait.js";

const MOST_TRIES = 3;
const LONGEST_PAUSE_MS = 4000; // longer, and the person shall know that it did not work
const ALREADY_ENDED = 409;

/** Cancel once; `tell(event)` hears what came of it, as events of request_state. */
export async function cancelRequest({ space, id, tell }) {
  tell({ type: "cancel_asked", id });
  try {
    const status = await endedStatus(space, id);
    if (status) tell({ type: "status", status, at: Date.now() });
    const told = { type: "result", result: await readResult(space, id) };
    tell(told);
    tellFollowers(id, told);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    tell(goneEvent(id, error) ?? { type: "cancel_failed", id, failure: { reached: error.reached, retryAt: error.retryAt } });
  }
}

/** The status after the cancel; null if the request had ended before. */
async function endedStatus(space, id) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await cancel(space, id);
    } catch (error) {
      if (error.status === ALREADY_ENDED) return null;
      const retryAt = error.retryAt ?? retryTime(tries - 1);
      if (tries === MOST_TRIES || !isPassing(error, retryAt)) throw error;
      await pauseUntil(retryAt, new AbortController().signal);
    }
  }
}

const isPassing = ({ status }, retryAt) =>
  (status === 429 || status >= 500) && retryAt - Date.now() <= LONGEST_PAUSE_MS;
