/** Updates stored requests that had not ended when this browser last checked. */
import { GatewayError, readStatus } from "../api/api.js";
import { removeStoredRequest, storeStatus, storedRequests } from "../request/browser_storage.js";
import { isEnd } from "../request/request_state.js";

const MOST = 5; // each costs a call to the gateway
const GONE = new Set([404, 410]);

/**
 * Check the newest stored requests of a space (null: all spaces), one after another, except the open one;
 * `onChange()` is called after each.
 */
export async function refreshHistory(space, open, onChange) {
  const unsettled = storedRequests(space).filter(({ id, status }) => id !== open && status && !isEnd(status));
  for (const entry of unsettled.slice(0, MOST)) {
    await refresh(entry.space, entry.id);
    onChange();
  }
}

async function refresh(space, id) {
  try {
    const { status } = await readStatus(space, id, {});
    storeStatus(id, status);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    if (GONE.has(error.status)) removeStoredRequest(id);
  }
}
