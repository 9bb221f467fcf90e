/** Where the remembered requests stand that had not ended when this browser last looked. */
import { GatewayError, readStatus } from "../api/api.js";
import { forgetRequest, noteStatus, rememberedRequests } from "../request/browser_storage.js";
import { isEnd } from "../request/request_state.js";

const MOST = 5; // each is a question to the gateway
const GONE = new Set([404, 410]);

/** Ask about the newest of a space (null: of all), one after the other, but for the one that is open; `onChange()` hears of news. */
export async function refreshHistory(space, open, onChange) {
  const unsettled = rememberedRequests(space).filter(({ id, status }) => id !== open && status && !isEnd(status));
  for (const entry of unsettled.slice(0, MOST)) {
    await refresh(entry.space, entry.id);
    onChange();
  }
}

async function refresh(space, id) {
  try {
    const { status } = await readStatus(space, id, {});
    noteStatus(id, status);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    if (GONE.has(error.status)) forgetRequest(id);
  }
}
