/** The administration's calls to the gateway. */
import { writeBody } from "../../api/body_json.js";
import { readSpaces as readLiveSpaces } from "../../api/api.js";
import { call } from "../../api/gateway_call.js";

const JSON_BODY = { "Content-Type": "application/json" };

export const readMe = (signal) => call("/v1/me", { signal });

export const readSpaces = (signal) => readAll("spaces", "spaces", signal);
/** The live state of all spaces, by name. */
export const readLive = async (signal) => new Map((await readLiveSpaces(signal)).spaces.map((space) => [space.space, space]));
export const readSpace = (space, signal) => get(spacePath(space), signal);
export const createSpace = (settings) => send("POST", "spaces", settings);
export const saveSpace = (settings) => send("PUT", spacePath(settings.space), settings);
export const deleteSpace = ({ space, version }) => send("DELETE", `${spacePath(space)}?version=${version}`);
export const beginCover = (space, { type, size }) => send("POST", `${spacePath(space)}/cover`, { content_type: type, size });
export const setCover = (space, uploadId) => send("PUT", `${spacePath(space)}/cover`, { upload_id: uploadId });
export const removeCover = (space) => send("DELETE", `${spacePath(space)}/cover`);

export const readTokens = (signal) => readAll("tokens", "tokens", signal);
export const createToken = (wanted) => send("POST", "tokens", wanted);
export const rotateToken = (id, overlapHours) => send("POST", `tokens/${part(id)}/rotate`, { overlap_hours: overlapHours });
export const revokeToken = (id) => send("DELETE", `tokens/${part(id)}`);

export const readKeys = (signal) => readAll("keys", "keys", signal);
export const createKey = (wanted) => send("POST", "keys", wanted);
export const rotateKey = (id, overlapHours) => send("POST", `keys/${part(id)}/rotate`, { overlap_hours: overlapHours });
export const revokeKey = (id) => send("DELETE", `keys/${part(id)}`);

export const readWorkers = (signal) => readAll("workers", "workers", signal);
/** The first `count` pages of workers: {workers, more}. */
export const readWorkerPages = (count, signal) => readPages("workers", "workers", count, signal);
export const sendNotice = (connection, text) => send("POST", `workers/${part(connection)}/notice`, { text });
export const actOnWorker = (connection, action) => send("POST", `workers/${part(connection)}/${action}`);

export const readRequests = (filters, signal) => get(`requests${query(filters)}`, signal);
export const cancelRequest = (id) => send("POST", `requests/${part(id)}/cancel`);
export const retryRequest = (id) => send("POST", `requests/${part(id)}/retry`);
export const purge = (space, states, { dryRun }) => send("POST", `${spacePath(space)}/purge`, { states, dry_run: dryRun });

export const readPeople = (cursor, signal) => get(`people${query({ cursor })}`, signal);
export const invitePerson = (wanted) => send("POST", "people", wanted);
export const actOnPerson = (user, action) => send("POST", "people/actions", { user, action });

export const readActivity = (space, hours, signal) => get(`${spacePath(space)}/activity${query({ hours })}`, signal);
export const readAudit = (cursor, signal) => get(`audit${query({ cursor })}`, signal);

const part = encodeURIComponent;

const spacePath = (space) => `spaces/${part(space)}`;

const get = (path, signal) => call(`/v1/admin/${path}`, { signal });

function send(method, path, body) {
  const content = body === undefined ? {} : { headers: JSON_BODY, body: writeBody(body) };
  return call(`/v1/admin/${path}`, { method, ...content });
}

function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}

/** Read a list page by page to its end. */
const readAll = async (path, name, signal) => (await readPages(path, name, Infinity, signal))[name];

async function readPages(path, name, most, signal) {
  const all = [];
  let cursor = null;
  let count = 0;
  do {
    const page = await get(`${path}${query({ cursor })}`, signal);
    all.push(...page[name]);
    cursor = page.next_cursor ?? null;
    count += 1;
  } while (cursor !== null && count < most);
  return { [name]: all, more: cursor !== null };
}
