/** What happens to the page's one request: send, follow, open, cancel, give up. Holds its state. */
import { goTo, replaceWith } from "./address.js";
import { GatewayError } from "./api.js";
import { cancelRequest } from "./cancel_request.js";
import { isAboutPrompt } from "./describe_refusal.js";
import { followRequest } from "./follow_request.js";
import { dropPending, notePending, rememberedRequests, rememberRequest } from "./memory.js";
import { IDLE, isCancellable, isCancelling, isLive, next } from "./request_state.js";
import { isUncertain, newKey, sendRequest } from "./send_request.js";

/**
 * Make the flow of a space. `onChange(request)` hears every new state; `onPromptRefused(error)`
 * hears refusals that are about the prompt.
 */
export function makeRequestFlow(space, { onChange, onPromptRefused }) {
  let request = IDLE;
  let stop = new AbortController();
  const wake = new EventTarget();
  const wakeUp = () => wake.dispatchEvent(new Event("wake"));

  function tell(event) {
    const changed = next(request, event);
    if (changed === request) return;
    request = changed;
    if (!isLive(request) && request.phase !== "sending") stop.abort();
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
    followRequest({ space, id, dueAt: () => request.dueAt, tell, signal, wake });
  }

  async function send(prompt, key) {
    const signal = begin({ type: "sending", key, prompt });
    const onDelay = (trouble) => tell({ type: "sending_delayed", key, trouble });
    try {
      const answer = await sendRequest({ space, prompt, key, signal, wake, onDelay });
      accepted(answer, { prompt, key, signal });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof GatewayError)) throw error;
      refused(error, key);
    }
  }

  function accepted(answer, { prompt, key, signal }) {
    rememberRequest({ id: answer.request_id, space, prompt, at: Date.now() });
    dropPending(key);
    replaceWith(space, answer.request_id);
    tell({ type: "accepted", key, answer, at: Date.now() });
    follow(signal);
  }

  function refused(error, key) {
    dropPending(key);
    if (isAboutPrompt(error)) begin({ type: "cleared" });
    else tell({ type: "refused", key, error, at: Date.now() });
    if (isAboutPrompt(error)) onPromptRefused(error);
  }

  // Whatever came of it, the next status says; one that ends the request has stopped the asking.
  async function cancel() {
    if (!isCancellable(request) || isCancelling(request)) return;
    await cancelRequest({ space, id: request.id, tell });
    wakeUp();
  }

  return {
    submit(prompt) {
      const key = keyFor(request, prompt);
      notePending({ key, space, prompt, at: Date.now() });
      goTo(space);
      send(prompt, key);
    },
    resume: ({ prompt, key }) => send(prompt, key),
    open(id) {
      const excerpt = rememberedRequests(space).find((entry) => entry.id === id)?.prompt;
      follow(begin({ type: "opened", id, excerpt }));
    },
    clear() {
      if (request.phase === "sending") dropPending(request.key);
      begin({ type: "cleared" });
    },
    cancel,
    tryNow: wakeUp,
    current: () => request,
  };
}

// A submit that may have been accepted is repeated under its own key, so that it cannot run twice.
function keyFor(request, prompt) {
  const repeated = request.phase === "refused" && request.prompt === prompt && isUncertain(request.error);
  return repeated ? request.key : newKey();
}
