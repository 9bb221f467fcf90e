/** Calls the gateway's REST API, and turns everything that can go wrong into one kind of error. */
import { readBody } from "./body_json.js";
import { syncServerClock } from "../lib/server_clock.js";
import { accessToken, expireSession } from "../session/access_token.js";

const TIMEOUT_MS = 20_000;
const UNAUTHORIZED = 401;
const NO_CONTENT = 204;
const HAS_USER_PATH = /^\/v1\/(spaces(\/[^/?]+(\/requests)?)?|uploads(\/[^/?]+\/(parts|complete|abort))?|requests)(\?|$)/;
const NEEDS_TOKEN = /^\/v1\/(me|admin)(\/|\?|$)/;

/**
 * A call that got no response (`reached` is false) or was rejected. `errorType` is the gateway's error type;
 * `retryAt` is in this machine's clock, or null; `current` is the newer version that an edit conflicted with, or
 * null.
 */
export class GatewayError extends Error {
  /** @type {number} */
  status;
  /** @type {string | null} */
  errorType;
  /** @type {string} */
  detail;
  /** @type {string | null} */
  requestId;
  /** @type {number | null} */
  retryAt;
  /** @type {Json | null} */
  current;
  /** @type {boolean} */
  reached;

  /**
   * @param {{status?: number, errorType?: string | null, detail?: string, requestId?: string | null,
   *   retryAt?: number | null, current?: Json | null}} fields
   */
  constructor({ status = 0, errorType = null, detail = "", requestId = null, retryAt = null, current = null }) {
    super(detail);
    this.status = status;
    this.errorType = errorType;
    this.detail = detail;
    this.requestId = requestId;
    this.retryAt = retryAt;
    this.current = current;
    this.reached = status > 0;
  }
}

/**
 * Call the gateway, with the token of the signed-in user if there is one. Returns the response's body, or null if
 * it has none.
 */
export async function call(path, options = {}) {
  const { answer, body } = await sendWithRenewal(path, options);
  if (answer.status === NO_CONTENT) return null;
  if (answer.ok && body) return body;
  throw refusal(answer, body ?? {});
}

// The gateway may reject a token that has not expired here (wrong clock, rotated key): renew it once.
async function sendWithRenewal(path, options) {
  const { token, ...first } = await send(path, options);
  if (first.answer.status !== UNAUTHORIZED || token === null) return first;
  const second = await send(path, options, token);
  if (second.answer.status === UNAUTHORIZED && second.token !== null) await expireSession();
  return second;
}

async function send(path, { signal, ...options }, refused = null) {
  const patience = AbortSignal.timeout(TIMEOUT_MS);
  const signals = signal ? [signal, patience] : [patience];
  try {
    const caller = await authorize(path, refused);
    const headers = { ...options.headers, ...caller.headers };
    const answer = await fetch(caller.path, { ...options, headers, cache: "no-store", signal: AbortSignal.any(signals) });
    const body = bodyOf(await answer.text());
    syncServerClock(answer.headers.get("Date"));
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
export async function authorize(path, refused = null) {
  const own = userPath(path);
  const token = own === null ? null : await accessToken(refused);
  if (token === null) return { path, headers: {}, token };
  return { path: own, headers: { Authorization: `Bearer ${token}` }, token };
}

// Anyone who knows a request's id may access it, so those calls carry no token.
function userPath(path) {
  if (NEEDS_TOKEN.test(path)) return path;
  return HAS_USER_PATH.test(path) ? path.replace("/v1/", "/v1/me/") : null;
}

// A body that is not JSON comes from a proxy before the gateway; the status alone is informative enough.
function bodyOf(text) {
  try {
    return readBody(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
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
