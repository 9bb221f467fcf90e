/** The links of a result's files expire; asking for the result again gives new ones. */
import { GatewayError, readResult } from "../api/api.js";
import { toLocal } from "../lib/server_clock.js";

const AHEAD_MS = 60_000;
const PAUSE_MS = 15_000;
let lastAt = 0;

/** Whether a link of an ended request's files is about to expire. */
export function linksEnd(request, now) {
  if (request.phase !== "ended") return false;
  return filesOf(request.result).some(({ expires_at: end }) => (toLocal(end) ?? Infinity) - now < AHEAD_MS);
}

/** Get the result again, at most every 15 s; a failure leaves what is shown as it is. */
export async function renewResult(space, request, tell, now = Date.now()) {
  if (request.phase !== "ended" || now - lastAt < PAUSE_MS) return;
  lastAt = now;
  try {
    tell({ type: "renewed", result: await readResult(space, request.id) });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}

const filesOf = ({ input, output }) => [...(input?.files ?? []), ...(output?.files ?? [])];
