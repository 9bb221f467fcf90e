/**
 * What this browser remembers: sent requests, submits under way, the draft of each space. Of somebody who is
 * signed in, the gateway remembers the requests, and only this tab the rest.
 */
import { isSignedIn } from "../session/session.js";

const REQUESTS = "spaces.requests";
const PENDING = "spaces.pending";
const DRAFT = "spaces.draft.";
const MOST_REQUESTS = 50;
const PROMPT_START = 120;
const PENDING_LIFE_MS = 10 * 60_000; // later, sending by itself would surprise
const NO_DRAFT = Object.freeze({ prompt: "", files: [], params: {} });

function read(store, key, fallback) {
  try {
    return JSON.parse(store().getItem(key)) ?? fallback;
  } catch {
    return fallback;
  }
}

// Storage may be full or forbidden; the page then works without a memory.
function write(store, key, value) {
  try {
    store().setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}

function remove(store, key) {
  try {
    store().removeItem(key);
  } catch {
    return;
  }
}

function keysOf(store) {
  try {
    return Object.keys(store());
  } catch {
    return [];
  }
}

const lasting = () => localStorage;
const ofThisTab = () => sessionStorage;
const ofThisPerson = () => (isSignedIn() ? sessionStorage : localStorage);

function list(key, store = lasting) {
  const entries = read(store, key, []);
  return Array.isArray(entries) ? entries : [];
}

/** Requests sent from this browser, newest first; only one space's if it is named. */
export function rememberedRequests(space = null) {
  return list(REQUESTS).filter((entry) => entry?.id && (space === null || entry.space === space));
}

/** Whether a request was sent from this browser. */
export const isRemembered = (id) => list(REQUESTS).some((entry) => entry?.id === id);

/** Remember a request that was accepted, unless the gateway does. */
export function rememberRequest({ id, space, prompt, at }) {
  if (isSignedIn()) return;
  const others = list(REQUESTS).filter((entry) => entry.id !== id);
  const letters = Array.from(prompt.trim());
  const start = letters.length > PROMPT_START ? `${letters.slice(0, PROMPT_START).join("")}…` : letters.join("");
  write(lasting, REQUESTS, [{ id, space, prompt: start, at, status: "IN_QUEUE" }, ...others].slice(0, MOST_REQUESTS));
}

/** Note where a remembered request stands. */
export function noteStatus(id, status) {
  const entries = list(REQUESTS);
  const changed = entries.some((entry) => entry.id === id && entry.status !== status);
  if (changed) write(lasting, REQUESTS, entries.map((entry) => (entry.id === id ? { ...entry, status } : entry)));
}

/** Forget the requests of a space. */
export function forgetRequests(space) {
  write(lasting, REQUESTS, list(REQUESTS).filter((entry) => entry.space !== space));
}

/** Forget one request. */
export function forgetRequest(id) {
  write(lasting, REQUESTS, list(REQUESTS).filter((entry) => entry.id !== id));
}

/** Note a submit before it is sent, so that a reload can resume it. */
export function notePending({ key, space, input, at }) {
  write(ofThisPerson, PENDING, [...list(PENDING, ofThisPerson), { key, space, input, at }]);
}

/** The newest submit of a space that was under way, if it is fresh; null if there is none. */
export function findPending(space, now = Date.now()) {
  const fresh = list(PENDING, ofThisPerson).filter((entry) => entry.input && now - entry.at < PENDING_LIFE_MS);
  return fresh.findLast((entry) => entry.space === space) ?? null;
}

/** Drop a submit that was answered or given up, and those that are too old. */
export function dropPending(key, now = Date.now()) {
  for (const store of [lasting, ofThisTab]) {
    const kept = list(PENDING, store).filter((entry) => entry.key !== key && now - entry.at < PENDING_LIFE_MS);
    write(store, PENDING, kept);
  }
}

/** Forget, with or without drafts, all that may be of somebody who was signed in. */
export function forgetPerson({ drafts }) {
  for (const store of [lasting, ofThisTab]) for (const key of [REQUESTS, PENDING]) remove(store, key);
  if (drafts) for (const key of keysOf(ofThisTab)) if (key.startsWith(DRAFT)) remove(ofThisTab, key);
}

/** What the form of a space held in this tab: {prompt, files, params}. */
export const readDraft = (space) => ({ ...NO_DRAFT, ...read(ofThisTab, DRAFT + space, {}) });

export const writeDraft = (space, draft) => write(ofThisTab, DRAFT + space, draft);
