/** Reads a request's event stream. An EventSource could not send the headers that a call may need. */
import { createParser } from "../../vendor/eventsource-parser.js";
import { siteConfig } from "../lib/site_config.js";
import { requestPath } from "./api.js";
import { authorize, GatewayError } from "./gateway_call.js";

const EVENT_STREAM = "text/event-stream";
const NOT_FOUND = 404;

/**
 * Yield the events of a request in batches, as they arrive: arrays of {event, id, data}. `after` is the id of the last
 * event read, or null. Throws a GatewayError: the stream was refused, or the connection was lost.
 */
export async function* streamEvents(space, id, { after, signal }) {
  try {
    const body = await openStream(requestPath(space, id).replace("/v1/", "/v1/stream/"), after, signal);
    yield* readBatches(body.pipeThrough(new TextDecoderStream()).getReader());
  } catch (error) {
    throw error instanceof GatewayError ? error : new GatewayError({ detail: String(error) });
  }
}

async function openStream(path, after, signal) {
  const { stream_origin: origin } = await siteConfig();
  if (origin === undefined) throw new GatewayError({ status: NOT_FOUND, detail: "This gateway has no streams." });
  const caller = await authorize(path);
  const position = after === null ? {} : { "Last-Event-ID": after };
  /** @type {Json} */
  const headers = { Accept: EVENT_STREAM, ...position, ...caller.headers };
  const answer = await fetch(`${origin ?? ""}${caller.path}`, { headers, cache: "no-store", signal });
  if (answer.ok && answer.body && answer.headers.get("Content-Type")?.startsWith(EVENT_STREAM)) return answer.body;
  throw new GatewayError({ status: answer.status, detail: "The stream was refused." });
}

async function* readBatches(reader) {
  const events = [];
  const parser = createParser({ onEvent: ({ event, id, data }) => void events.push({ event, id, data: JSON.parse(data) }) });
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(value);
    if (events.length > 0) yield events.splice(0);
  }
}
