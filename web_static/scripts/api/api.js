/** The page's calls to the gateway's REST API. */
import { writeBody } from "./body_json.js";
import { call, GatewayError } from "./gateway_call.js";

export { GatewayError };

const JSON_BODY = { "Content-Type": "application/json" };

export const readSpaces = (signal) => call("/v1/spaces", { signal });

export const readSpace = (space, signal) => call(spacePath(space), { signal });

/**
 * A request's status; `after` is the position up to which its text is known.
 * @param {string} space
 * @param {string} id
 * @param {{after?: any, signal?: AbortSignal}} options
 */
export function readStatus(space, id, { after = null, signal }) {
  const query = after === null ? "" : `?${new URLSearchParams({ after })}`;
  return call(`${requestPath(space, id)}/status${query}`, { signal });
}

export const readResult = (space, id, signal) => call(requestPath(space, id), { signal });

/** A request's result as soon as it has ended, or its state after so many seconds. */
export const waitForResult = (space, id, seconds, signal) => call(`${requestPath(space, id)}/wait?seconds=${seconds}`, { signal });

/** Submit an input; repeating it with the same key creates only one request. */
export function submit(space, input, key, signal) {
  const headers = { ...JSON_BODY, "Idempotency-Key": key };
  const body = writeBody({ input: wireInput(input) });
  return call(`${spacePath(space)}/requests`, { method: "POST", headers, body, signal });
}

/** Ask for an upload address for a file ({space, name, content_type, size}). */
export function beginUpload(upload, signal) {
  return call("/v1/uploads", { method: "POST", headers: JSON_BODY, body: writeBody(upload), signal });
}

/** Ask which parts of a large file are missing, and where to upload them; `named` is {space, multipart_id}. */
export const missingParts = (id, named, signal) => uploadStep(id, "parts", named, { signal });

/** Assemble a file from its parts. */
export const completeUpload = (id, named, signal) => uploadStep(id, "complete", named, { signal });

/** Discard the uploaded parts of a file. If that fails, the storage discards them after a day. */
export async function abortUpload({ upload_id: id, multipart }, space) {
  const named = { space, multipart_id: multipart.multipart_id };
  try {
    await uploadStep(id, "abort", named, { keepalive: true });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}

/** Delete a finished request and everything that belongs to it. */
export const deleteRequest = (space, id) => call(requestPath(space, id), { method: "DELETE" });

/** A page of the signed-in user's requests; `query` is {space, q, cursor}, all optional. */
export function readHistory(query, signal) {
  const given = Object.entries(query).filter(([, value]) => value);
  return call(`/v1/me/requests?${new URLSearchParams(given)}`, { signal });
}

/** Delete one of the signed-in user's requests and everything that belongs to it. */
export const deleteMyRequest = (id) => call(`/v1/me/requests/${encodeURIComponent(id)}`, { method: "DELETE" });

/** Cancel a request; the call completes even if the user leaves the page. */
export const cancel = (space, id) => call(`${requestPath(space, id)}/cancel`, { method: "PUT", keepalive: true });

/** The OpenAPI document that describes these calls. */
export const readDescription = (signal) => call("/v1/openapi.json", { signal });

const spacePath = (space) => `/v1/spaces/${encodeURIComponent(space)}`;

/** The path of a request. */
export const requestPath = (space, id) => `${spacePath(space)}/requests/${encodeURIComponent(id)}`;

const uploadStep = (id, step, named, options) =>
  call(`/v1/uploads/${encodeURIComponent(id)}/${step}`, { method: "POST", headers: JSON_BODY, body: writeBody(named), ...options });

// Empty fields are not sent.
function wireInput({ prompt, files = [], params = {}, call: modelCall = null }) {
  return {
    ...(modelCall ? { call: modelCall } : {}),
    ...(prompt ? { prompt } : {}),
    ...(files.length > 0 ? { files: files.map(({ upload_id }) => ({ upload_id })) } : {}),
    ...(Object.keys(params).length > 0 ? { params } : {}),
  };
}
