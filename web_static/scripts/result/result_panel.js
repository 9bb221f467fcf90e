/** The result panel: headline, actions, words, progress, answer, and the details below it. */
import { announce } from "../lib/announce.js";
import { mountAnswer } from "./answer.js";
import { mountRequestInput } from "./request_input.js";
import { describeRequest, describeTrouble } from "../describe/describe_request.js";
import { h, keepFocusIn, part, setAttribute, setLines, setText, show } from "../lib/dom.js";
import { mountMetadata } from "./metadata.js";
import { PATHS } from "../lib/icons.js";
import { roughDuration } from "../lib/format.js";
import { mountProgress } from "./progress.js";
import { mountResultActions } from "./result_actions.js";
import { isLive } from "../request/request_state.js";
import { toLocal } from "../lib/server_clock.js";
import { mountTimeline } from "./timeline.js";

/**
 * Mount the panel. `actions` are {again, clear, tryNow, stopTrying, renew}; a read-only page leaves the buttons
 * out of its HTML.
 */
export function mountResultPanel(root, actions) {
  const parts = {
    timeline: mountTimeline(part(root, "timeline")),
    progress: mountProgress(part(root, "progress")),
    answer: mountAnswer(part(root, "answer"), { onBrokenLink: actions.renew }),
    metadata: mountMetadata(part(root, "metadata")),
    actions: mountResultActions(root, actions),
  };
  const requestInput = mountRequestInput(part(root, "request-input"));
  const words = mountWords(part(root, "words"));
  const news = mountNews();
  const heading = /** @type {HTMLElement} */ (part(root, "headline").parentElement);

  /** @param {{ request: Json, draft: Json, mine: boolean, space: Json | null, now: number, online: boolean }} seen */
  function update({ request, draft, mine, ...view }) {
    const described = describeRequest(request, view);
    updateHead(root, described);
    updateClock(root, request, view.now);
    show(part(root, "details"), Boolean(request.status ?? request.result));
    requestInput(request, draft, view.space?.params_schema);
    words(described);
    parts.timeline.update(request, view.now);
    for (const name of ["progress", "answer", "metadata"]) parts[name].update(request);
    const trouble = describeTrouble(request, view);
    updateTrouble(root, trouble?.words ?? null, view.online && Boolean(request.trouble));
    parts.actions.update({ request, mine, headline: described.headline, space: view.space });
    news(described, trouble?.news ?? null);
  }

  return { update: (seen) => keepFocusIn(root, heading, () => update(seen)) };
}

function updateHead(root, { tone, icon, headline }) {
  const image = part(root, "tone-icon");
  setAttribute(root, "data-tone", tone);
  image.toggleAttribute("hidden", icon === null);
  if (icon) setAttribute(part(image, "tone-path"), "d", PATHS[icon]);
  setText(part(root, "headline"), headline);
}

// A thin bar and the time that has passed, while the request is open.
function updateClock(root, request, now) {
  const busy = request.phase === "sending" || isLive(request);
  const since = busy ? toLocal(request.status?.times.created_at) : null;
  show(part(root, "bar"), busy);
  setText(part(root, "elapsed"), since === null ? "" : roughDuration((now - since) / 1000));
}

// The explanation, and the model's own message.
function mountWords(root) {
  const lines = h("div", { class: "result-words" });
  const quote = h("p", { class: "notice notice-words", "data-tone": "bad", dir: "auto" });
  root.replaceChildren(lines, quote);

  return ({ words, quote: said }) => {
    setLines(lines, words);
    show(root, words.length > 0 || said !== null);
    show(quote, said !== null);
    setText(quote, said ?? "");
  };
}

function updateTrouble(root, trouble, canTry) {
  show(part(root, "trouble"), trouble !== null);
  setText(part(root, "trouble-words"), trouble ?? "");
  show(part(root, "try-now"), canTry);
}

// Announce news once: when the key changes, not when a counter does. Announce trouble too and, when it is over, the
// current state.
function mountNews() {
  let announced = { key: "idle", trouble: null };

  return (described, trouble) => {
    const { key } = described;
    if (key === announced.key && trouble === announced.trouble) return;
    const stands = key !== announced.key || trouble === null ? newsOf(described) : null;
    const troubled = trouble !== announced.trouble ? trouble : null;
    announced = { key, trouble };
    announce([stands, troubled].filter(Boolean).join(" "));
  };
}

const newsOf = ({ headline, words, spoken, quote, alarm }) =>
  [headline.endsWith("…") ? headline : `${headline}.`, alarm ?? spoken ?? words[0], quote].filter(Boolean).join(" ");
