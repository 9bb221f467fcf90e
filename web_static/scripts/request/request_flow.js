/** The life of the page's one request: send, follow, open, cancel, delete, give up. Holds its state. */
import { isSameJson } from "../lib/exact_json.js";
import { pushAddress, replaceAddress } from "../lib/page_address.js";
import { GatewayError } from "../api/api.js";
import { cancelRequest } from "./cancel_request.js";
import { onRequestDeleted } from "./delete_request.js";
import { followRequest, loadStreams } from "./follow_request.js";
import { isStreaming, removePending, storePending, storeStatus, storedRequests, storeRequest } from "./browser_storage.js";
import { renewResult } from "./renew_result.js";
import { IDLE, isCancellable, isCancelling, isLive, reduce } from "./request_state.js";
import { isAboutInput, isUncertain, newIdempotencyKey, sendRequest } from "./send_request.js";

/**
 * Make the flow of a space. `onChange(request)` is called with every new state, `onInputRefused(error)` when the
 * gateway rejects what the form holds.
 * @param {string} space
 * @param {{onChange: (request: Json) => void, onInputRefused?: (error: GatewayError) => void}} options
 */
export function makeRequestFlow(space, { onChange, onInputRefused = () => undefined }) {
  /** @type {Json} */
  let request = IDLE;
  let stop = new AbortController();
  const wake = new EventTarget();
  const wakeUp = () => wake.dispatchEvent(new Event("wake"));

  function dispatch(event) {
    const changed = reduce(request, event);
    if (changed === request) return;
    request = changed;
    if (!isLive(request) && request.phase !== "sending") stop.abort();
    storeCurrentStatus(request);
    onChange(request);
  }

  function begin(event) {
    stop.abort();
    stop = new AbortController();
    dispatch(event);
    return stop.signal;
  }

  function follow(signal) {
    const { id } = request;
    followRequest({ space, id, current: () => request, dispatch, signal, wake });
  }

  async function send(input, key) {
    const signal = begin({ type: "sending", key, input });
    if (isStreaming(space)) loadStreams().catch(() => undefined); // it is loaded again when it is needed
    const onDelay = (trouble) => dispatch({ type: "sending_delayed", key, trouble });
    try {
      const answer = await sendRequest({ space, input, key, signal, wake, onDelay });
      accepted(answer, { input, key, signal });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof GatewayError)) throw error;
      refused(error, key);
    }
  }

  function accepted(answer, { input, key, signal }) {
    storeRequest({ id: answer.request_id, space, prompt: titleOf(input), at: Date.now() });
    removePending(key);
    replaceAddress(space, answer.request_id);
    dispatch({ type: "accepted", key, answer, at: Date.now() });
    follow(signal);
  }

  function refused(error, key) {
    removePending(key);
    if (isAboutInput(error)) begin({ type: "cleared" });
    else dispatch({ type: "refused", key, error, at: Date.now() });
    if (isAboutInput(error)) onInputRefused(error);
  }

  // The next status shows the outcome; if the request has ended, polling has stopped.
  async function cancel() {
    if (!isCancellable(request) || isCancelling(request)) return;
    await cancelRequest({ space, id: request.id, dispatch });
    wakeUp();
  }

  onRequestDeleted((id) => dispatch({ type: "deleted", id }));
  return {
    /** Submit an input: as a new entry of the browser's history, or (`replaces`) in the place of the current one. */
    submit(input, { replaces = false } = {}) {
      const key = keyFor(request, input);
      storePending({ key, space, input, at: Date.now() });
      if (replaces) replaceAddress(space);
      else pushAddress(space);
      send(input, key);
    },
    resume: ({ input, key }) => send(input, key),
    open(id) {
      const excerpt = storedRequests(space).find((entry) => entry.id === id)?.prompt;
      follow(begin({ type: "opened", id, excerpt }));
    },
    clear() {
      if (request.phase === "sending") removePending(request.key);
      begin({ type: "cleared" });
    },
    renew: () => renewResult(space, request, dispatch),
    cancel,
    tryNow: wakeUp,
    current: () => request,
  };
}

// A submit that may have been accepted is repeated with its own key, so that it cannot run twice.
function keyFor(request, input) {
  const repeated = request.phase === "refused" && isSameJson(request.input, input) && isUncertain(request.error);
  return repeated ? request.key : newIdempotencyKey();
}

const titleOf = ({ prompt = "", files = [], call }) => prompt || files.map(({ name }) => name).join(", ") || questionOf(call);

// The last text of the user, as the gateway names a call.
function questionOf(call) {
  const content = call?.body.messages?.findLast(({ role }) => role === "user")?.content ?? "";
  return typeof content === "string" ? content : content.map(({ text }) => text ?? "").join(" ");
}

function storeCurrentStatus(request) {
  const status = request.phase === "ended" ? request.result.status : request.status?.status;
  if (status) storeStatus(request.id, status);
}
