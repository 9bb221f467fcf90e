/** The result panel: headline, timeline, words, progress, answer, facts and what can be done. */
import { announce } from "./announce.js";
import { mountAnswer } from "./answer.js";
import { describeRequest, describeTrouble } from "./describe_request.js";
import { h, part, setAttribute, setLines, setText, show } from "./dom.js";
import { mountFacts } from "./facts.js";
import { PATHS } from "./icons.js";
import { mountProgress } from "./progress.js";
import { mountTimeline } from "./timeline.js";

const AT_REST = new Set(["ended", "expired", "missing", "refused"]);

/** Mount the panel. `actions` are {again, clear, tryNow, stopTrying}. */
export function mountResult(root, actions) {
  const parts = {
    timeline: mountTimeline(part(root, "timeline")),
    progress: mountProgress(part(root, "progress")),
    answer: mountAnswer(part(root, "answer")),
    facts: mountFacts(part(root, "facts")),
  };
  const words = mountWords(part(root, "words"));
  const news = mountNews();
  listen(root, { again: actions.again, new: actions.clear, "try-now": actions.tryNow, "stop-trying": actions.stopTrying });

  function update({ request, draft, ...view }) {
    const described = describeRequest(request, view);
    updateHead(root, described);
    words(described, request.prompt === draft.trim() ? null : (request.prompt ?? request.excerpt));
    parts.timeline.update(request, view.now);
    for (const name of ["progress", "answer", "facts"]) parts[name].update(request);
    updateTrouble(root, describeTrouble(request, view), view.online && Boolean(request.trouble));
    show(part(root, "stop-trying"), request.phase === "sending");
    updateActions(root, request);
    news(described);
  }

  return { update, focus: () => part(root, "headline").parentElement.focus() };
}

function listen(root, actions) {
  for (const [name, action] of Object.entries(actions)) part(root, name).addEventListener("click", action);
}

function updateHead(root, { tone, icon, headline }) {
  const image = part(root, "tone-icon");
  setAttribute(root, "data-tone", tone);
  image.toggleAttribute("hidden", icon === null);
  if (icon) setAttribute(image.firstElementChild, "d", PATHS[icon]);
  setText(part(root, "headline"), headline);
}

// The prompt (where the form shows another one), the explanation, and the model's own words.
function mountWords(root) {
  const prompt = h("p", { class: "result-prompt" });
  const lines = h("div", { class: "result-words" });
  const quote = h("p", { class: "notice notice-words", "data-tone": "bad" });
  root.replaceChildren(prompt, lines, quote);

  return ({ words, quote: said }, text) => {
    show(prompt, Boolean(text));
    setText(prompt, text ?? "");
    setLines(lines, words);
    show(root, Boolean(text) || words.length > 0 || said !== null);
    show(quote, said !== null);
    setText(quote, said ?? "");
  };
}

function updateTrouble(root, trouble, canTry) {
  show(part(root, "trouble"), trouble !== null);
  setText(part(root, "trouble-words"), trouble ?? "");
  show(part(root, "try-now"), canTry);
}

function updateActions(root, { phase, prompt }) {
  show(part(root, "again"), phase === "ended" && Boolean(prompt));
  show(part(root, "new"), AT_REST.has(phase) || phase === "open" || phase === "opening");
}

// News is told once: when the key changes, not when a counter does.
function mountNews() {
  let told = "idle";

  return ({ key, headline, words, quote, alarm }) => {
    if (key === told) return;
    told = key;
    announce([headline.endsWith("…") ? headline : `${headline}.`, alarm ?? words[0], quote].filter(Boolean).join(" "));
  };
}
