/** Follows a request to its end: polls as often as the gateway says, in one tab for all. */
import { GatewayError, readResult, readStatus } from "../api/api.js";
import { runInLeaderTab, broadcastToTabs } from "../api/leader_tab.js";
import { waitUntil, retryTime, untilVisible } from "../lib/wait.js";
import { grow, isEnd } from "./request_state.js";

const GONE = { 404: "missing", 410: "expired" };

const channelOf = (id) => `spaces.request.${id}`;

/** Send an event to every tab that follows a request. */
export const broadcastToFollowers = (id, event) => broadcastToTabs(channelOf(id), event);

/** The event that an error means for a request: missing or expired; null if it means neither. */
export const goneEvent = (id, error) => (GONE[error.status] ? { type: GONE[error.status], id } : null);

/**
 * Follow a request until it has ended, is missing or has expired, or until the signal aborts. `dueAt()` says when to
 * poll next (null: it was never polled); `stream()` returns the text received so far; `dispatch(event)` receives
 * the events that request_state handles.
 */
export async function followRequest({ space, id, dueAt, stream, dispatch, signal, wake }) {
  const question = { space, id, stream, failures: 0 };
  await untilVisible(signal);
  if (dueAt() === null && (await ask(question, dispatch, signal))) return;
  await runInLeaderTab(channelOf(id), {
    run: (publish, turn) => askUntilEnd(question, { dueAt, publish, turn, wake }),
    receive: dispatch,
    signal,
  });
}

async function askUntilEnd(question, { dueAt, publish, turn, wake }) {
  for (;;) {
    await waitUntil(dueAt() ?? 0, turn, wake);
    if (turn.aborted) return false;
    if (await ask(question, publish, turn)) return true;
  }
}

/** Poll once and dispatch the result. Returns whether there is nothing left to poll. */
async function ask(question, dispatch, signal) {
  try {
    return await askStatus(question, dispatch, signal);
  } catch (error) {
    if (signal.aborted) return false;
    if (!(error instanceof GatewayError)) throw error;
    return tellFailure(question, error, dispatch);
  }
}

async function askStatus(question, dispatch, signal) {
  const { space, id } = question;
  const known = question.stream();
  const status = await readStatus(space, id, { after: known.after, signal });
  // eslint-disable-next-line require-atomic-updates -- a request is polled by one call at a time
  question.failures = 0;
  dispatch({ type: "status", status, at: Date.now(), stream: grow(known, status) });
  if (!isEnd(status.status)) return false;
  const result = await readResult(space, id, signal);
  dispatch({ type: "result", result });
  return isEnd(result.status);
}

function tellFailure(question, error, dispatch) {
  const { id } = question;
  const gone = goneEvent(id, error);
  if (gone) dispatch(gone);
  else dispatch({ type: "trouble", id, trouble: { reached: error.reached, retryAt: retryAt(question, error) } });
  return Boolean(gone);
}

const retryAt = (question, error) => error.retryAt ?? retryTime(question.failures++);
