/** Follows a request to its end: asks as often as the gateway says, one tab for all. */
import { GatewayError, readResult, readStatus } from "../api/api.js";
import { oneOfTabs, tellTabs } from "../api/leader_tab.js";
import { pauseUntil, retryTime, untilVisible } from "../lib/wait.js";
import { grow, isEnd } from "./request_state.js";

const GONE = { 404: "missing", 410: "expired" };

const channelOf = (id) => `spaces.request.${id}`;

/** Tell an event to every tab that follows a request. */
export const tellFollowers = (id, event) => tellTabs(channelOf(id), event);

/** The event that an error means for a request: missing or expired; null if it means neither. */
export const goneEvent = (id, error) => (GONE[error.status] ? { type: GONE[error.status], id } : null);

/**
 * Follow until the signal aborts or the request has ended, is missing or expired. `dueAt()` says
 * when the next question is due (null: it was never asked); `stream()` what is known of the text;
 * `tell(event)` hears what happened, as events of request_state.
 */
export async function followRequest({ space, id, dueAt, stream, tell, signal, wake }) {
  const question = { space, id, stream, failures: 0 };
  await untilVisible(signal);
  if (dueAt() === null && (await ask(question, tell, signal))) return;
  await oneOfTabs(channelOf(id), {
    run: (publish, turn) => askUntilEnd(question, { dueAt, publish, turn, wake }),
    receive: tell,
    signal,
  });
}

async function askUntilEnd(question, { dueAt, publish, turn, wake }) {
  for (;;) {
    await pauseUntil(dueAt() ?? 0, turn, wake);
    if (turn.aborted) return false;
    if (await ask(question, publish, turn)) return true;
  }
}

/** Ask once and tell; returns whether nothing is left to ask. */
async function ask(question, tell, signal) {
  try {
    return await askStatus(question, tell, signal);
  } catch (error) {
    if (signal.aborted) return false;
    if (!(error instanceof GatewayError)) throw error;
    return tellFailure(question, error, tell);
  }
}

async function askStatus(question, tell, signal) {
  const { space, id } = question;
  const known = question.stream();
  const status = await readStatus(space, id, { after: known.after, signal });
  question.failures = 0;
  tell({ type: "status", status, at: Date.now(), stream: grow(known, status) });
  if (!isEnd(status.status)) return false;
  const result = await readResult(space, id, signal);
  tell({ type: "result", result });
  return isEnd(result.status);
}

function tellFailure(question, error, tell) {
  const { id } = question;
  const gone = goneEvent(id, error);
  if (gone) tell(gone);
  else tell({ type: "trouble", id, trouble: { reached: error.reached, retryAt: retryAt(question, error) } });
  return Boolean(gone);
}

const retryAt = (question, error) => error.retryAt ?? retryTime(question.failures++);
