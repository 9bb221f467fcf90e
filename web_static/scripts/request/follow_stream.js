/** Follows a request by its event stream while text arrives. */
import { GatewayError } from "../api/api.js";
import { streamEvents } from "../api/event_stream.js";
import { streamOf } from "./request_state.js";
import { readEvents } from "./stream_events.js";

const FIRST_EVENT_MS = 4000; // a cold start is shorter; a proxy that holds the stream back sends nothing
const PAUSE_MS = 10_000;

/**
 * Follow a request until there is a reason to poll it. `current()` returns the request, and `publish(event)` receives
 * events of request_state. Returns {ending, pieces}: the reason, as in stream_use, and how many pieces of text came.
 */
export async function followStream({ space, id, current, publish, turn, wake }) {
  const visit = makeVisit(turn, wake);
  let pieces = 0;
  visit.endIn(FIRST_EVENT_MS, "late");
  try {
    let isFirst = true;
    for await (const events of streamEvents(space, id, { after: streamOf(current()).after, signal: visit.signal })) {
      if (visit.ending()) break; // the page may show another request by now
      const news = readEvents(streamOf(current()), events);
      if (isFirst || news.pieces > 0) visit.endIn(PAUSE_MS, "pause");
      isFirst = false;
      pieces += news.pieces;
      tell(news, id, publish);
      endIfOver(news, visit);
    }
    visit.end("cut");
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    visit.end(error.reached ? "refused" : "cut");
  } finally {
    visit.end("left");
  }
  return { ending: visit.ending(), pieces };
}

function tell({ status, stream, pieces }, id, publish) {
  if (status) publish({ type: "status", status, at: Date.now(), stream });
  else if (pieces > 0) publish({ type: "text", id, stream });
}

function endIfOver({ status, ended }, visit) {
  if (ended) visit.end("done");
  else if (status && status.status !== "IN_PROGRESS") visit.end("waiting");
}

/** A connection that ends once: its signal aborts with the first reason given. */
function makeVisit(turn, wake) {
  const closing = new AbortController();
  const { signal } = closing;
  let why = null;
  let timer = 0;

  function end(reason) {
    clearTimeout(timer);
    why ??= reason;
    closing.abort();
  }

  function endIn(milliseconds, reason) {
    clearTimeout(timer);
    if (why === null) timer = setTimeout(() => end(reason), milliseconds);
  }

  const leave = () => end("left");
  turn.addEventListener("abort", leave, { signal });
  wake.addEventListener("wake", leave, { signal });
  if (turn.aborted) leave();
  return { signal, end, endIn, ending: () => why };
}
