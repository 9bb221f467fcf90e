/** Calls of the gateway's REST API, and one kind of error for all that can go wrong. */
import { noteServerDate } from "./clock.js";

const PATIENCE_MS = 20_000;

/**
 * A call that brought no answer (`reached` is false) or was refused.
 * `errorType` is the gateway's word for it; `retryAt` is on this machine's clock, or null.
 */
export class GatewayError extends Error {
  constructor({ status = 0, errorType = null, detail = "", requestId = null, retryAt = null }) {
    super(detail);
    Object.assign(this, { status, errorType, detail, requestId, retryAt, reached: status > 0 });
  }
}

export const readSpaces = (signal) => call("/v1/spaces", { signal });

export const readSpace = (space, signal) => call(spacePath(space), { signal });

export const readStatus = (space, id, signal) => call(`${requestPath(space, id)}/status`, { signal });

export const readResult = (space, id, signal) => call(requestPath(space, id), { signal });

/** Submit a prompt; the same key with the same prompt is taken only once. */
export function submit(space, prompt, key, signal) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  const body = JSON.stringify({ input: { prompt } });
  return call(`${spacePath(space)}/requests`, { method: "POST", headers, body, signal });
}

/** Cancel a request; sent to its end even if the page is left meanwhile. */
export const cancel = (space, id) => call(`${requestPath(space, id)}/cancel`, { method: "PUT", keepalive: true });

const spacePath = (space) => `/v1/spaces/${encodeURIComponent(space)}`;

const requestPath = (space, id) => `${spacePath(space)}/requests/${encodeURIComponent(id)}`;

async function call(path, { signal, ...options }) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const signals = signal ? [signal, patience] : [patience];
  let answer, body;
  try {
    answer = await fetch(path, { ...options, cache: "no-store", signal: AbortSignal.any(signals) });
    body = await answer.json().catch(ignoreUnreadable);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new GatewayError({ detail: String(error) });
  }
  noteServerDate(answer.headers.get("Date"));
  if (answer.ok && body) return body;
  throw refusal(answer, body ?? {});
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
  });
}

/** Read a Retry-After header: seconds or a date (RFC 9110, 10.2.3). */
function retryTime(header, now = Date.now()) {
  if (!header) return null;
  const seconds = Number(header);
  const time = Number.isFinite(seconds) ? now + seconds * 1000 : Date.parse(header);
  return Number.isNaN(time) ? null : time;
}
