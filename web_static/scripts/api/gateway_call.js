/** One call of the gateway's REST API, and one kind of error for all that can go wrong. */
import { asCaller } from "./caller.js";
import { noteServerDate } from "../lib/server_clock.js";
import { loseSession } from "../session/session.js";

const PATIENCE_MS = 20_000;
const UNAUTHORIZED = 401;
const NO_CONTENT = 204;

/**
 * A call that brought no answer (`reached` is false) or was refused.
 * `errorType` is the gateway's word for it; `retryAt` is on this machine's clock, or null;
 * `current` is the newer state that an edit met, or null.
 */
export class GatewayError extends Error {
  constructor({ status = 0, errorType = null, detail = "", requestId = null, retryAt = null, current = null }) {
    super(detail);
    Object.assign(this, { status, errorType, detail, requestId, retryAt, current, reached: status > 0 });
  }
}

/** Call, as whoever is signed in; gives the answer's body, null if it has none. */
export async function call(path, options = {}) {
  const { answer, body } = await tryTwice(path, options);
  if (answer.status === NO_CONTENT) return null;
  if (answer.ok && body) return body;
  throw refusal(answer, body ?? {});
}

// A token may be refused although it looks alive (a wrong clock, a key that changed): renewing helps once.
async function tryTwice(path, options) {
  const { token, ...first } = await send(path, options);
  if (first.answer.status !== UNAUTHORIZED || token === null) return first;
  const second = await send(path, options, token);
  if (second.answer.status === UNAUTHORIZED && second.token !== null) await loseSession();
  return second;
}

async function send(path, { signal, ...options }, refused = null) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const signals = signal ? [signal, patience] : [patience];
  try {
    const caller = await asCaller(path, refused);
    const headers = { ...options.headers, ...caller.headers };
    const answer = await fetch(caller.path, { ...options, headers, cache: "no-store", signal: AbortSignal.any(signals) });
    const body = await answer.json().catch(ignoreUnreadable);
    noteServerDate(answer.headers.get("Date"));
    return { answer, body, token: caller.token };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new GatewayError({ detail: String(error) });
  }
}

// A body that is no JSON comes from something before the gateway; its status still tells enough.
function ignoreUnreadable(error) {
  if (error instanceof SyntaxError) return null;
  throw error;
}

function refusal(answer, body) {
  return new GatewayError({
    status: answer.ok ? 502 : answer.status,
    errorType: body.error_type ?? null,
    detail: body.detail ?? "",
    requestId: body.request_id ?? null,
    retryAt: retryTime(answer.headers.get("Retry-After")),
    current: body.current ?? null,
  });
}

/** Read a Retry-After header: seconds or a date (RFC 9110, 10.2.3). */
function retryTime(header, now = Date.now()) {
  if (!header) return null;
  const seconds = Number(header);
  const time = Number.isFinite(seconds) ? now + seconds * 1000 : Date.parse(header);
  return Number.isNaN(time) ? null : time;
}
