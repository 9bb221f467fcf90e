/**
 * What this browser stores: sent requests, pending submits, and the draft and the conversations of each space. For a signed-in user, the
 * gateway keeps the requests, and only this tab stores the rest.
 */
import { parseExact, stringifyExact } from "../lib/exact_json.js";
import { isSignedIn } from "../session/session.js";

const REQUESTS = "spaces.requests";
const PENDING = "spaces.pending";
const STREAMING = "spaces.streaming";
const DRAFT = "spaces.draft.";
const CHATS = "spaces.chats.";
const ENTER = "spaces.enter";
const MOST_REQUESTS = 50;
const EXCERPT_LETTERS = 120;
const PENDING_LIFE_MS = 10 * 60_000; // sending an older submit by itself would surprise
const NO_DRAFT = Object.freeze({ prompt: "", files: [], params: {} });

function read(store, key, fallback) {
  try {
    return parseExact(store().getItem(key) ?? "null") ?? fallback;
  } catch {
    return fallback;
  }
}

// Storage may be full or forbidden; the page then works without it. Returns whether the value is stored.
function write(store, key, value) {
  try {
    store().setItem(key, stringifyExact(value));
    return true;
  } catch {
    return false;
  }
}

function remove(store, key) {
  try {
    store().removeItem(key);
  } catch {
    // nothing is stored
  }
}

function keysOf(store) {
  try {
    return Object.keys(store());
  } catch {
    return [];
  }
}

const localStore = () => localStorage;
const tabStore = () => sessionStorage;
const userStore = () => (isSignedIn() ? sessionStorage : localStorage);

function list(key, store = localStore) {
  const entries = read(store, key, []);
  return Array.isArray(entries) ? entries : [];
}

/**
 * Requests sent from this browser, newest first; only those of `space` if it is given.
 * @param {string | null} space
 */
export function storedRequests(space = null) {
  return list(REQUESTS).filter((entry) => entry?.id && (space === null || entry.space === space));
}

/** Whether a request was sent from this browser. */
export const isStored = (id) => list(REQUESTS).some((entry) => entry?.id === id);

/** Store an accepted request, unless the gateway keeps it for a signed-in user. */
export function storeRequest({ id, space, prompt, at }) {
  if (isSignedIn()) return;
  const others = list(REQUESTS).filter((entry) => entry.id !== id);
  const letters = Array.from(prompt.trim());
  const start = letters.length > EXCERPT_LETTERS ? `${letters.slice(0, EXCERPT_LETTERS).join("")}…` : letters.join("");
  write(localStore, REQUESTS, [{ id, space, prompt: start, at, status: "IN_QUEUE" }, ...others].slice(0, MOST_REQUESTS));
}

/** Update the status of a stored request. */
export function storeStatus(id, status) {
  const entries = list(REQUESTS);
  const changed = entries.some((entry) => entry.id === id && entry.status !== status);
  if (changed) write(localStore, REQUESTS, entries.map((entry) => (entry.id === id ? { ...entry, status } : entry)));
}

/** Remove the stored requests of a space. */
export function removeStoredRequests(space) {
  write(localStore, REQUESTS, list(REQUESTS).filter((entry) => entry.space !== space));
}

/** Remove one stored request. */
export function removeStoredRequest(id) {
  write(localStore, REQUESTS, list(REQUESTS).filter((entry) => entry.id !== id));
}

/** Whether a space streamed text when it was last used in this browser. */
export const isStreaming = (space) => list(STREAMING).includes(space);

/** Store whether a space streams text. */
export function storeStreaming(space, streams) {
  if (isStreaming(space) === streams) return;
  const others = list(STREAMING).filter((name) => name !== space);
  write(localStore, STREAMING, streams ? [space, ...others].slice(0, MOST_REQUESTS) : others);
}

/** Store a submit before it is sent, so that a reload can resume it. */
export function storePending({ key, space, input, at }) {
  write(userStore, PENDING, [...list(PENDING, userStore), { key, space, input, at }]);
}

/** The newest pending submit of a space that is recent enough; null if there is none. */
export function findPending(space, now = Date.now()) {
  const fresh = list(PENDING, userStore).filter((entry) => entry.input && now - entry.at < PENDING_LIFE_MS);
  return fresh.findLast((entry) => entry.space === space) ?? null;
}

/** Remove a submit that was answered or given up, and those that are too old. */
export function removePending(key, now = Date.now()) {
  for (const store of [localStore, tabStore]) {
    const kept = list(PENDING, store).filter((entry) => entry.key !== key && now - entry.at < PENDING_LIFE_MS);
    write(store, PENDING, kept);
  }
}

/** Remove everything that may belong to the user who was signed in, with or without drafts. */
export function clearUserData({ drafts }) {
  for (const store of [localStore, tabStore]) for (const key of [REQUESTS, PENDING, STREAMING]) remove(store, key);
  for (const store of [localStore, tabStore]) for (const key of keysOf(store)) if (key.startsWith(CHATS)) remove(store, key);
  if (drafts) for (const key of keysOf(tabStore)) if (key.startsWith(DRAFT)) remove(tabStore, key);
}

/** The draft of a space in this tab: {prompt, files, params}. */
export const readDraft = (space) => ({ ...NO_DRAFT, ...read(tabStore, DRAFT + space, {}) });

export const writeDraft = (space, draft) => write(tabStore, DRAFT + space, draft);

/** The conversations of a space, newest first. */
export const readChats = (space) => list(CHATS + space, userStore);

/** Store the conversations of a space; returns whether there was room for them. */
export const writeChats = (space, chats) => write(userStore, CHATS + space, chats);

/** What Enter does in a conversation: "send" or "break"; null if the user has not chosen. */
export const readEnter = () => read(localStore, ENTER, null);

export const storeEnter = (does) => write(localStore, ENTER, does);
