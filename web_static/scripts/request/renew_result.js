/** Renews the links of a result's files before they expire, by reading the result again. */
import { GatewayError, readResult } from "../api/api.js";
import { toLocal } from "../lib/server_clock.js";

const AHEAD_MS = 60_000;
const PAUSE_MS = 15_000;
let lastAt = 0;

/** Whether a file link of a finished request is about to expire. */
export function linksExpireSoon(request, now) {
  if (request.phase !== "ended") return false;
  return filesOf(request.result).some(({ expires_at: end }) => (toLocal(end) ?? Infinity) - now < AHEAD_MS);
}

/** Read the result again, at most every 15 s; a failure leaves the shown result unchanged. */
export async function renewResult(space, request, dispatch, now = Date.now()) {
  if (request.phase !== "ended" || now - lastAt < PAUSE_MS) return;
  lastAt = now;
  try {
    dispatch({ type: "renewed", result: await readResult(space, request.id) });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}

const filesOf = ({ input, output }) => [...(input?.files ?? []), ...(output?.files ?? [])];
