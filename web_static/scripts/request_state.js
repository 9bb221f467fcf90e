/**
 * What this page knows of its request, as one value, and how events change it. Pure and total:
 * an event that does not fit the present phase changes nothing.
 *
 * phases: idle · sending {key, prompt, trouble} · refused {key, prompt, error} · opening {id, dueAt, trouble}
 *         · open {id, status, receivedAt, dueAt, trouble} · ended {id, result} · missing {id} · expired {id}
 * Also `prompt` where it is known in full, or its beginning as `excerpt`. All times are milliseconds of this machine's clock. `trouble` is {reached, retryAt} or null.
 */
export const IDLE = Object.freeze({ phase: "idle" });

const SHORTEST_WAIT_MS = 250; // whatever an answer says, never ask without a pause
const ENDS = new Set(["COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"]);
const LIVE = new Set(["opening", "open"]);

/** Whether a status is an end. */
export const isEnd = (status) => ENDS.has(status);

/** Whether the request still has to be asked about. */
export const isLive = (request) => LIVE.has(request.phase);

const CHANGES = {
  cleared: () => IDLE,
  opened: (_, { id, excerpt = null }) => ({ phase: "opening", id, excerpt, dueAt: null, trouble: null }),
  sending: (_, { key, prompt }) => ({ phase: "sending", key, prompt, trouble: null }),
  sending_delayed: (now, { key, trouble }) => (isSending(now, key) ? { ...now, trouble } : now),
  refused: (now, { key, error }) => (isSending(now, key) ? { phase: "refused", key, prompt: now.prompt, error } : now),
  accepted: (now, { key, answer, at }) => (isSending(now, key) ? open(now, statusOf(answer), at) : now),
  status: (now, { status, at }) => (isAbout(now, status.request_id) ? open(now, status, at) : now),
  result: (now, { result }) =>
    isAbout(now, result.request_id) && isEnd(result.status)
      ? { phase: "ended", id: now.id, result, prompt: promptOf(result, now), excerpt: now.excerpt }
      : now,
  trouble: (now, { id, trouble }) => (isAbout(now, id) ? { ...now, trouble, dueAt: trouble.retryAt } : now),
  missing: (now, { id }) => (isAbout(now, id) ? { phase: "missing", id, excerpt: now.excerpt ?? now.prompt } : now),
  expired: (now, { id }) => (isAbout(now, id) ? { phase: "expired", id, excerpt: now.excerpt ?? now.prompt } : now),
};

/** Return the state after an event. */
export function next(state, event) {
  const change = CHANGES[event.type];
  return change ? change(state, event) : state;
}

const isSending = (state, key) => state.phase === "sending" && state.key === key;

// An end never changes, so only live phases listen.
const isAbout = (state, id) => isLive(state) && state.id === id;

const promptOf = (result, state) => result.input?.prompt ?? state.prompt;

function open(state, status, at) {
  const dueAt = at + Math.max(SHORTEST_WAIT_MS, status.retry_after_ms ?? 0);
  const { prompt, excerpt } = state;
  return { phase: "open", id: status.request_id, prompt, excerpt, status, receivedAt: at, dueAt, trouble: null };
}

// The 202 says the same as a first status, in fewer words.
function statusOf({ created_at, ...accepted }) {
  return { ...accepted, times: { created_at, started_at: null, ended_at: null } };
}
