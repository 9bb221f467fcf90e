/**
 * The state of this page's request as one value, and how events change it. Pure and total: an event that does not
 * fit the current phase changes nothing.
 *
 * Phases: idle · sending {key, trouble} · refused {key, error} · opening {id, dueAt, trouble}
 *         · open {id, status, receivedAt, dueAt, trouble, cancel, holder, previousWorker, stream}
 *         · ended {id, result, cancel, stream} · missing {id} · expired {id} · deleted {id}
 * Also `input` ({prompt, files, params}) if it is known in full, or the start of its prompt as `excerpt`.
 *
 * - Times are milliseconds of this machine's clock.
 * - `trouble` is {reached, retryAt}, or null.
 * - `cancel` is null until this page cancels the request, then {failure}: null, or {reached, retryAt}.
 * - `holder` is {worker, attempt} as last seen; `previousWorker` had the attempt before it.
 * - `stream` is {text, after, polled}: what the model has written so far, the position to ask from, and whether its end
 *   came by a poll.
 */
export const IDLE = Object.freeze({ phase: "idle" });

const SHORTEST_WAIT_MS = 100; // a lower limit, whatever a response says
const QUICK_POLL_MS = 500; // the gateway names this one if it does not know, and longer ones if they take over 500 ms
const ENDS = new Set(["COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"]);
const LIVE = new Set(["opening", "open"]);
const NO_TEXT = Object.freeze({ text: "", after: null });

/** Whether a status is final. */
export const isEnd = (status) => ENDS.has(status);

/** Whether the request is waiting or running, so that it can be cancelled. */
export const isCancellable = (request) => request.phase === "open" && !isEnd(request.status.status);

/** Whether a cancellation is in progress. */
export const isCancelling = (request) => isCancellable(request) && request.cancel?.failure === null;

/** Whether the request still has to be polled. */
export const isLive = (request) => LIVE.has(request.phase);

/** Whether the request was just submitted, is running and should end soon: so says when the first poll is due. */
export const isQuick = ({ phase, status, dueAt, receivedAt }) =>
  phase === "open" && status.status === "IN_PROGRESS" && status.times.started_at === null && dueAt - receivedAt < QUICK_POLL_MS;

/** The text that the model has written so far. */
export const streamOf = (request) => request.stream ?? NO_TEXT;

/** The text so far, after one more poll. */
export function grow(stream, { partial, status }) {
  if (!partial) return status === "IN_QUEUE" ? NO_TEXT : stream;
  return { text: (partial.restarted ? "" : stream.text) + partial.text, after: partial.next_after, polled: true };
}

/** When the next piece of a text that comes by polls is due; null if it comes by a stream, or is not written any longer. */
export const nextTextAt = (request) => (isCancellable(request) && !request.cancel && streamOf(request).polled ? request.dueAt : null);

const CHANGES = {
  cleared: () => IDLE,
  opened: (_, { id, excerpt = null }) => ({ phase: "opening", id, excerpt, dueAt: null, trouble: null }),
  sending: (_, { key, input }) => ({ phase: "sending", key, input, trouble: null }),
  sending_delayed: (now, { key, trouble }) => (isSending(now, key) ? { ...now, trouble } : now),
  refused: (now, { key, error, at }) => (isSending(now, key) ? { phase: "refused", key, input: now.input, error, at } : now),
  accepted: (now, { key, answer, at }) => (isSending(now, key) ? open(now, { status: statusOf(answer), at }) : now),
  status: (now, event) => (concerns(now, event.status.request_id) && !isOutdated(now, event.status) ? open(now, event) : now),
  text: (now, { id, stream }) => (isCancellable(now) && now.id === id ? { ...now, stream } : now),
  result: (now, { result }) => (concerns(now, result.request_id) && isEnd(result.status) ? ended(now, result) : now),
  renewed: (now, { result }) => (now.phase === "ended" && now.id === result.request_id ? { ...now, result } : now),
  trouble: (now, { id, trouble }) => (concerns(now, id) ? { ...now, trouble, dueAt: trouble.retryAt } : now),
  cancel_requested: (now, { id }) => (canCancel(now, id) ? { ...now, cancel: { failure: null } } : now),
  cancel_failed: (now, { id, failure }) => (canCancel(now, id) ? { ...now, cancel: { failure } } : now),
  missing: (now, { id }) => (concerns(now, id) ? gone("missing", now) : now),
  expired: (now, { id }) => (concerns(now, id) ? gone("expired", now) : now),
  deleted: (now, { id }) => (now.id === id ? { phase: "deleted", id } : now),
};

/** The state after an event. */
export function reduce(state, event) {
  const change = CHANGES[event.type];
  return change ? change(state, event) : state;
}

const isSending = (state, key) => state.phase === "sending" && state.key === key;

// A final state never changes, so only live phases react.
const concerns = (state, id) => isLive(state) && state.id === id;

const canCancel = (state, id) => isCancellable(state) && state.id === id;

// A status that was on its way while the request ended.
const isOutdated = (state, status) => state.phase === "open" && isEnd(state.status.status) && !isEnd(status.status);

const gone = (phase, { id, excerpt, input }) => ({ phase, id, excerpt: excerpt ?? input?.prompt });

function open(state, { status, at, stream = streamOf(state) }) {
  const dueAt = at + Math.max(SHORTEST_WAIT_MS, status.retry_after_ms ?? 0);
  const { input, excerpt, cancel = null } = state;
  return { phase: "open", id: status.request_id, input, excerpt, status, receivedAt: at, dueAt, trouble: null, cancel, stream, ...holders(state, status) };
}

function ended({ id, input, excerpt, cancel = null, stream = NO_TEXT }, result) {
  return { phase: "ended", id, result, input: input ?? result.input ?? undefined, excerpt, cancel, stream };
}

/**
 * @param {Json} state
 * @param {Json} status
 */
function holders({ holder = null, previousWorker = null }, { status, worker_id: worker, attempt }) {
  if (status !== "IN_PROGRESS" || !worker) return { holder, previousWorker };
  const handedOn = holder !== null && attempt > holder.attempt;
  return { holder: { worker, attempt }, previousWorker: handedOn ? holder.worker : previousWorker };
}

// The 202 response has the fields of a first status under fewer names.
function statusOf({ created_at, ...accepted }) {
  return { ...accepted, times: { created_at, started_at: null, ended_at: null } };
}
