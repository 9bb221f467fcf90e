/** One call of the gateway's REST API, and one kind of error for all that can go wrong. */
import { noteServerDate } from "../lib/server_clock.js";
import { accessToken, loseSession } from "../session/access_token.js";

const PATIENCE_MS = 20_000;
const UNAUTHORIZED = 401;
const NO_CONTENT = 204;
const HAS_OWN_PATH = /^\/v1\/(spaces(\/[^/?]+(\/requests)?)?|uploads(\/[^/?]+\/(parts|complete|abort))?|requests)(\?|$)/;
const NEEDS_TOKEN = /^\/v1\/(me|admin)(\/|\?|$)/;

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

/**
 * Choose path and credentials of a call: signed-in users call /v1/me/… with their token. `refused` is a token
 * that the gateway has just rejected.
 */
export async function asCaller(path, refused = null) {
  const own = ownPath(path);
  const token = own === null ? null : await accessToken(refused);
  if (token === null) return { path, headers: {}, token };
  return { path: own, headers: { Authorization: `Bearer ${token}` }, token };
}

// Anyone who knows a request's id may access it, so those calls carry no token.
function ownPath(path) {
  if (NEEDS_TOKEN.test(path)) return path;
  return HAS_OWN_PATH.test(path) ? path.replace("/v1/", "/v1/me/") : null;
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
