/** The calls that a visitor's page makes of the gateway's REST API. */
import { call, GatewayError } from "./gateway_call.js";

export { GatewayError };

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
