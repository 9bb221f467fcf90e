/** What this browser remembers: sent requests, submits under way, the draft of each space. */
const REQUESTS = "spaces.requests";
const PENDING = "spaces.pending";
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

const lasting = () => localStorage;
const ofThisTab = () => sessionStorage;

function list(key) {
  const entries = read(lasting, key, []);
  return Array.isArray(entries) ? entries : [];
}

/** Requests sent from this browser, newest first; only one space's if it is named. */
export function rememberedRequests(space = null) {
  return list(REQUESTS).filter((entry) => entry?.id && (space === null || entry.space === space));
}

/** Whether a request was sent from this browser. */
export const isRemembered = (id) => list(REQUESTS).some((entry) => entry?.id === id);

/** Remember a request that was accepted. */
export function rememberRequest({ id, space, prompt, at }) {
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
  write(lasting, PENDING, [...list(PENDING), { key, space, input, at }]);
}

/** The newest submit of a space that was under way, if it is fresh; null if there is none. */
export function findPending(space, now = Date.now()) {
  const fresh = list(PENDING).filter((entry) => entry.input && now - entry.at < PENDING_LIFE_MS);
  return fresh.findLast((entry) => entry.space === space) ?? null;
}

/** Drop a submit that was answered or given up, and those that are too old. */
export function dropPending(key, now = Date.now()) {
  const kept = list(PENDING).filter((entry) => entry.key !== key && now - entry.at < PENDING_LIFE_MS);
  write(lasting, PENDING, kept);
}

/** What the form of a space held in this tab: {prompt, files, params}. */
export const readDraft = (space) => ({ ...NO_DRAFT, ...read(ofThisTab, `spaces.draft.${space}`, {}) });

export const writeDraft = (space, draft) => write(ofThisTab, `spaces.draft.${space}`, draft);
