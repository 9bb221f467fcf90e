/** What happens to the page's one request: send, follow, open, cancel, delete, give up. Holds its state. */
import { goTo, replaceWith } from "../lib/page_address.js";
import { GatewayError } from "../api/api.js";
import { cancelRequest } from "./cancel_request.js";
import { hearOfDeleted } from "./delete_request.js";
import { followRequest } from "./follow_request.js";
import { dropPending, notePending, noteStatus, rememberedRequests, rememberRequest } from "./browser_storage.js";
import { renewResult } from "./renew_result.js";
import { IDLE, isCancellable, isCancelling, isLive, next, streamOf } from "./request_state.js";
import { isAboutInput, isUncertain, newKey, sendRequest } from "./send_request.js";

/**
 * Make the flow of a space. `onChange(request)` hears every new state; `onInputRefused(error)`
 * hears refusals that are about what the form holds.
 */
export function makeRequestFlow(space, { onChange, onInputRefused = () => undefined }) {
  let request = IDLE;
  let stop = new AbortController();
  const wake = new EventTarget();
  const wakeUp = () => wake.dispatchEvent(new Event("wake"));

  function tell(event) {
    const changed = next(request, event);
    if (changed === request) return;
    request = changed;
    if (!isLive(request) && request.phase !== "sending") stop.abort();
    noteWhereItStands(request);
    onChange(request);
  }

  function begin(event) {
    stop.abort();
    stop = new AbortController();
    tell(event);
    return stop.signal;
  }

  function follow(signal) {
    const { id } = request;
    const known = { dueAt: () => request.dueAt, stream: () => streamOf(request) };
    followRequest({ space, id, ...known, tell, signal, wake });
  }

  async function send(input, key) {
    const signal = begin({ type: "sending", key, input });
    const onDelay = (trouble) => tell({ type: "sending_delayed", key, trouble });
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
    rememberRequest({ id: answer.request_id, space, prompt: titleOf(input), at: Date.now() });
    dropPending(key);
    replaceWith(space, answer.request_id);
    tell({ type: "accepted", key, answer, at: Date.now() });
    follow(signal);
  }

  function refused(error, key) {
    dropPending(key);
    if (isAboutInput(error)) begin({ type: "cleared" });
    else tell({ type: "refused", key, error, at: Date.now() });
    if (isAboutInput(error)) onInputRefused(error);
  }

  // Whatever came of it, the next status says; one that ends the request has stopped the asking.
  async function cancel() {
    if (!isCancellable(request) || isCancelling(request)) return;
    await cancelRequest({ space, id: request.id, tell });
    wakeUp();
  }

  hearOfDeleted((id) => tell({ type: "deleted", id }));
  return {
    submit(input) {
      const key = keyFor(request, input);
      notePending({ key, space, input, at: Date.now() });
      goTo(space);
      send(input, key);
    },
    resume: ({ input, key }) => send(input, key),
    open(id) {
      const excerpt = rememberedRequests(space).find((entry) => entry.id === id)?.prompt;
      follow(begin({ type: "opened", id, excerpt }));
    },
    clear() {
      if (request.phase === "sending") dropPending(request.key);
      begin({ type: "cleared" });
    },
    renew: () => renewResult(space, request, tell),
    cancel,
    tryNow: wakeUp,
    current: () => request,
  };
}

// A submit that may have been accepted is repeated under its own key, so that it cannot run twice.
function keyFor(request, input) {
  const repeated = request.phase === "refused" && isSame(request.input, input) && isUncertain(request.error);
  return repeated ? request.key : newKey();
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const titleOf = ({ prompt, files }) => prompt || files.map(({ name }) => name).join(", ");

function noteWhereItStands(request) {
  const status = request.phase === "ended" ? request.result.status : request.status?.status;
  if (status) noteStatus(request.id, status);
}
