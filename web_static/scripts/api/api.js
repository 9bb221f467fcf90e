/** The calls that a visitor's page makes of the gateway's REST API. */
import { call, GatewayError } from "./gateway_call.js";

export { GatewayError };

const JSON_BODY = { "Content-Type": "application/json" };

export const readSpaces = (signal) => call("/v1/spaces", { signal });

export const readSpace = (space, signal) => call(spacePath(space), { signal });

/** A request's status; `after` says up to where its text is known. */
export function readStatus(space, id, { after = null, signal }) {
  const query = after === null ? "" : `?${new URLSearchParams({ after })}`;
  return call(`${requestPath(space, id)}/status${query}`, { signal });
}

export const readResult = (space, id, signal) => call(requestPath(space, id), { signal });

/** Submit an input; the same key with the same input is taken only once. */
export function submit(space, input, key, signal) {
  const headers = { ...JSON_BODY, "Idempotency-Key": key };
  const body = JSON.stringify({ input: wireInput(input) });
  return call(`${spacePath(space)}/requests`, { method: "POST", headers, body, signal });
}

/** Ask where a file ({space, name, content_type, size}) may be posted to. */
export function beginUpload(upload, signal) {
  return call("/v1/uploads", { method: "POST", headers: JSON_BODY, body: JSON.stringify(upload), signal });
}

/** Ask which parts of a large file have not arrived, and where to put them; `named` is {space, multipart_id}. */
export const missingParts = (id, named, signal) => uploadStep(id, "parts", named, { signal });

/** Make a file of its parts. */
export const completeUpload = (id, named, signal) => uploadStep(id, "complete", named, { signal });

/** Throw away what has arrived of a file in parts; if that fails, the storage does it after a day. */
export async function abortUpload({ upload_id: id, multipart }, space) {
  const named = { space, multipart_id: multipart.multipart_id };
  try {
    await uploadStep(id, "abort", named, { keepalive: true });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}

/** Delete an ended request with all that belongs to it. */
export const deleteRequest = (space, id) => call(requestPath(space, id), { method: "DELETE" });

/** A page of the requests of whoever is signed in; `query` is {space, q, cursor}, each may be missing. */
export function readHistory(query, signal) {
  const given = Object.entries(query).filter(([, value]) => value);
  return call(`/v1/me/requests?${new URLSearchParams(given)}`, { signal });
}

/** Delete one's own request with all that belongs to it. */
export const deleteMyRequest = (id) => call(`/v1/me/requests/${encodeURIComponent(id)}`, { method: "DELETE" });

/** Cancel a request; sent to its end even if the page is left meanwhile. */
export const cancel = (space, id) => call(`${requestPath(space, id)}/cancel`, { method: "PUT", keepalive: true });

const spacePath = (space) => `/v1/spaces/${encodeURIComponent(space)}`;

const requestPath = (space, id) => `${spacePath(space)}/requests/${encodeURIComponent(id)}`;

const uploadStep = (id, step, named, options) =>
  call(`/v1/uploads/${encodeURIComponent(id)}/${step}`, { method: "POST", headers: JSON_BODY, body: JSON.stringify(named), ...options });

// What is not given is not sent.
function wireInput({ prompt, files = [], params = {} }) {
  return {
    ...(prompt ? { prompt } : {}),
    ...(files.length > 0 ? { files: files.map(({ upload_id }) => ({ upload_id })) } : {}),
    ...(Object.keys(params).length > 0 ? { params } : {}),
  };
}
