/** Follows a request to its end, in one tab for all: by polls as often as the gateway says, or by its event stream. */
import { GatewayError, readResult, readStatus, waitForResult } from "../api/api.js";
import { runInLeaderTab, broadcastToTabs } from "../api/leader_tab.js";
import { waitUntil, retryTime, untilVisible } from "../lib/wait.js";
import { isStreaming, storeStreaming } from "./browser_storage.js";
import { grow, isEnd, isQuick, streamOf } from "./request_state.js";
import { isWorthStreaming, NEW_USE, useAfter } from "./stream_use.js";

let use = NEW_USE; // whether streams work is a property of the network, not of one request
const HOLD_SECONDS = 1; // about twice what a quick request takes; a slower one has no progress until then
const HOLD_MS = 3000; // a call that takes longer is held back by something on the way
const GONE = { 404: "missing", 410: "expired" };

const channelOf = (id) => `spaces.request.${id}`;

/** Send an event to every tab that follows a request. */
export const broadcastToFollowers = (id, event) => broadcastToTabs(channelOf(id), event);

/** The event that an error means for a request: missing or expired; null if it means neither. */
export const goneEvent = (id, error) => (GONE[error.status] ? { type: GONE[error.status], id } : null);

/** Load what streams need while the request is on its way. */
export const loadStreams = () => import("./follow_stream.js");

/**
 * Follow a request until it has ended, is missing or has expired, or until the signal aborts. `current()` returns the
 * request, and `dispatch(event)` receives the events that request_state handles.
 */
export async function followRequest({ space, id, current, dispatch, signal, wake }) {
  const question = { space, id, current, wake, failures: 0 };
  await untilVisible(signal);
  if (current().dueAt === null && (await ask(question, dispatch, signal))) return;
  await runInLeaderTab(channelOf(id), {
    run: (publish, turn) => askUntilEnd(question, publish, turn),
    receive: dispatch,
    signal,
  });
}

async function askUntilEnd(question, publish, turn) {
  if (await endsQuickly(question, publish, turn)) return true;
  for (;;) {
    const ended = await untilNews(question, publish, turn);
    if (turn.aborted) return false;
    if (await ask(question, publish, turn, ended)) return true;
  }
}

/**
 * Wait for a result that is about to come, in one call instead of a pause, a poll and a call for the result. Returns
 * whether it came. If not, for whatever reason, the polls tell what is the matter.
 */
async function endsQuickly({ space, id, current }, publish, turn) {
  if (!isQuick(current()) || isStreaming(space)) return false;
  const signal = AbortSignal.any([turn, AbortSignal.timeout(HOLD_MS)]);
  try {
    const result = await waitForResult(space, id, HOLD_SECONDS, signal);
    if (isEnd(result.status)) publish({ type: "result", result });
    return isEnd(result.status);
  } catch (error) {
    if (signal.aborted || error instanceof GatewayError) return false;
    throw error;
  }
}

/** Wait until the next poll is due, or follow the stream until it ends. Returns whether the request has ended. */
async function untilNews(question, publish, turn) {
  const request = question.current();
  if (!isWorthStreaming(use, request, isStreaming(question.space), Date.now())) {
    await waitUntil(request.dueAt ?? 0, turn, question.wake);
    return false;
  }
  const { ending, pieces } = await stream(question, publish, turn);
  use = useAfter(use, ending, question.current(), Date.now());
  if (ending === "done" || ending === "pause") storeStreaming(question.space, pieces > (ending === "done" ? 1 : 0));
  return ending === "done";
}

async function stream({ space, id, current, wake }, publish, turn) {
  /** @type {Json} */
  let module;
  try {
    module = await loadStreams();
  } catch {
    return { ending: "cut", pieces: 0 }; // without a network
  }
  return module.followStream({ space, id, current, publish, turn, wake });
}

/** Poll once and dispatch the result. Returns whether there is nothing left to poll. */
async function ask(question, dispatch, signal, ended = false) {
  try {
    return (ended || (await askStatus(question, dispatch, signal))) && (await askResult(question, dispatch, signal));
  } catch (error) {
    if (signal.aborted) return false;
    if (!(error instanceof GatewayError)) throw error;
    return tellFailure(question, error, dispatch);
  }
}

/** Returns whether the request has ended. */
async function askStatus(question, dispatch, signal) {
  const { space, id, current } = question;
  const known = streamOf(current());
  const status = await readStatus(space, id, { after: known.after, signal });
  // eslint-disable-next-line require-atomic-updates -- a request is polled by one call at a time
  question.failures = 0;
  dispatch({ type: "status", status, at: Date.now(), stream: grow(known, status) });
  if (status.partial?.text) storeStreaming(space, true);
  return isEnd(status.status);
}

async function askResult({ space, id }, dispatch, signal) {
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
