/** The parts of a space's page that load after its first view: result, history, advice, tools, the other views. */
import { part, setAttribute, show } from "../lib/dom.js";
import { mountLazy } from "../lib/lazy_part.js";
import { takesChat } from "../describe/describe_space.js";
import { loadTexts } from "../lib/text.js";
import { isSignedIn } from "../session/session.js";
import { scrollPanelIntoView, scrollPanelToTop } from "./scroll_into_view.js";

/**
 * Prepare the panels that the HTML has a place for: `start()` loads them, `update(seen)` updates them with the
 * page's state. `onNews()` is called when a stored request has changed.
 */
export function makeLazyPanels(main, name, { actions, onNews }) {
  const later = (place, load, mount, styles) => {
    const root = part(main, place);
    return root && mountLazy(load, (module) => mount(module, root), { styles });
  };
  const panel = part(main, "result");
  const heading = panel && /** @type {HTMLElement} */ (panel.querySelector("h2"));
  const result = later("result", loadResult, ({ mountResultPanel, runAgain }, root) => mountResultPanel(root, { ...actions, again: () => actions.again(runAgain) }), ["request_input", "timeline", "metadata", "prose", "snippets"]);
  const history = later("history-panel", () => import("../history/history_panel.js"), ({ mountHistoryPanel }, root) => mountHistoryPanel(root, name, { onNews }), ["history", "badge", "search"]);
  const snippets = later("code", () => import("./snippets.js"), ({ mountSnippets }, root) => mountSnippets(root, name), ["snippets", "options"]);
  const about = later("about", () => import("./about_panel.js"), ({ mountAboutPanel }, root) => mountAboutPanel(root), ["prose", "about"]);
  const tools = later("space-tools", () => import("./space_tools.js"), ({ mountSpaceTools }, root) => ({ update: mountSpaceTools(root, name) }));
  const examples = later("examples", () => import("./examples.js"), ({ mountExamples }, root) => mountExamples(root, actions.example), ["examples", "file_icon"]);
  const chat = later("chat", loadChat, ({ mountChatPanel }, root) => mountChatPanel(root, name, actions.chat), ["chat", "prose"]);
  const advice = later("no-worker", () => import("./no_worker.js"), ({ mountNoWorker }, root) => mountNoWorker(root, name), ["snippets", "no_worker"]);

  let chatting = false;

  // A space that takes conversations has neither form nor result.
  function arrange(space) {
    chatting = takesChat(space);
    setAttribute(part(main, "playground"), "data-chat", chatting);
    show(part(main, "form"), !chatting);
    show(panel, !chatting);
    if (!chatting) show(part(main, "chat"), false);
    if (part(main, "history-panel")) arrangeHistory();
  }

  // The gateway's list of requests stands below the conversations of this tab.
  function arrangeHistory() {
    const list = part(main, "history-panel");
    const side = chatting ? chat.get()?.side : part(main, "playground");
    if (side && list.parentElement !== side) side.append(list);
    show(list, !chatting || (isSignedIn() && side));
  }

  return {
    start: () => [chatting ? chat : result, chatting && !isSignedIn() ? null : history, advice, tools].forEach((each) => each?.start()),
    views: { playground: () => undefined, api: () => snippets?.start(), about: () => about?.start() },
    focusResult: () => heading.focus({ preventScroll: true }),
    showResult: () => scrollPanelIntoView(panel),
    showOwnResult: () => scrollPanelToTop(part(main, "form")),
    whenThere: (act) => result.start().then(act),
    refresh: () => history?.get()?.refresh(),
    has: (id) => Boolean(history?.get()?.has(id)),
    /** Show why the gateway rejected an input; returns whether that was possible. */
    refuse: (error) => chatting && (chat.get()?.refuse(error), true),
    /** The address names no request any longer. */
    showNone: () => chat.get()?.showNone(),
    reset: () => chat.get()?.reset(),
    update(seen) {
      if (seen.space) arrange(seen.space);
      (chatting ? chat : result).update(seen);
      history?.update(seen.request.id ?? null);
      advice.update(seen.space, seen.request.phase);
      if (seen.space) updateViews(seen);
    },
  };

  function updateViews({ space, request, draft }) {
    const { examples: offered = [] } = space;
    if (offered.length > 0 && !chatting) examples.start();
    examples.update(offered, request.phase === "idle");
    snippets?.update(space, chatting ? { ...draft, call: chat.get()?.body() ?? null } : draft);
    about?.update(space);
    tools?.update(space);
  }
}

async function loadChat() {
  const [module] = await Promise.all([import("../chat/chat_panel.js"), loadTexts("chat")]);
  return module;
}

// "Run again" is a button of the result, which must work as soon as it is shown.
async function loadResult() {
  const [{ mountResultPanel }, { runAgain }] = await Promise.all([import("../result/result_panel.js"), import("../form/run_again.js")]);
  return { mountResultPanel, runAgain };
}
