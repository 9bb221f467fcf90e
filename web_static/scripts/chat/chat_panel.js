/** The conversation with a space: keeps its state, and sends each question through the page's request flow. */
import { show } from "../lib/dom.js";
import { refusalWords } from "../describe/describe_refusal.js";
import { isCancellable, isCancelling, isLive } from "../request/request_state.js";
import { newIdempotencyKey } from "../request/send_request.js";
import { onSessionChange } from "../session/session.js";
import { callOf, contentOf, imagesOf, makeMeasure, nextBody, NO_OPTIONS, textOf } from "./chat_call.js";
import { mountChatView } from "./chat_view.js";
import { answerOnly, ask, askAgain, concerns, conversationOf, conversationOfRequest, cutFrom, followRequest, giveUp, newConversation, openAnswer } from "./conversation.js";
import { readInput } from "./large_input.js";
import { adviceOf, liveAnswer, notSent, problemOf } from "./live_answer.js";
import { makeTeller } from "./tell_answer.js";
import { removeConversation, storeConversation, storedConversations } from "./stored_conversations.js";

const anew = () => ({ id: newIdempotencyKey(), at: Date.now() });
const fresh = (options) => newConversation({ ...anew(), options });

/**
 * Mount the conversation. `actions` are {submit, cancel, clear, open, show, draft, renew}: what the page does with its
 * request. Returns `update(seen)`, and `refuse(error)` for a question that the gateway rejects.
 */
export function mountChatPanel(root, space, actions) {
  const list = storedConversations(space);
  const state = {
    list, // as stored: reading it takes long if there are images in it
    conversation: fresh(list[0]?.options ?? NO_OPTIONS),
    kept: false, // whether the list has it
    edit: /** @type {number | null} */ (null), // index of the turn that is edited
    stopWanted: false,
    /** @type {Json | null} */
    seen: null,
    rebuilding: "",
  };
  const measured = makeMeasure();
  const tell = makeTeller();
  const view = mountChatView(root, space, {
    measure: (text, images) => ({ used: measured(base(), contentOf(text, images)), limit: state.seen?.space?.limits.max_input_bytes ?? Infinity }),
    onSend: send,
    onStop: stop,
    onDraft: (text) => state.edit === null && actions.draft(text),
    onCancelEdit: endEdit,
    onEdit: edit,
    onAgain: again,
    onBrokenLink: actions.renew,
    onExample: choose,
    onOptions: (options) => change({ ...state.conversation, options }),
    onOptionsChosen: () => set(state.conversation),
    onEnterChanged: draw,
    onOpen: open,
    onNew: startNew,
    onDelete: remove,
  });

  const base = () => (state.edit === null ? state.conversation : cutFrom(state.conversation, state.edit));
  const isBusy = (request) => follows(request) && (request.phase === "sending" || isLive(request));
  const follows = (request) => openAnswer(state.conversation) !== null && concerns(state.conversation, request);

  function set(conversation, kept = state.kept) {
    state.kept = kept;
    if (kept) storeConversation(space, conversation);
    if (kept) readList();
    change(conversation);
  }

  function change(conversation) {
    state.conversation = conversation;
    view.options.fill(conversation.options);
    draw();
  }

  function readList() {
    state.list = storedConversations(space);
  }

  function draw() {
    if (!state.seen) return;
    const { request, space: seen } = state.seen;
    const isShown = request.phase !== "idle" && (state.conversation.turns.at(-1)?.request === request.id || follows(request));
    view.update({
      conversation: state.conversation,
      conversations: state.list,
      live: isShown ? liveAnswer(request, state.seen) : null,
      busy: isBusy(request),
      stopping: state.stopWanted || isCancelling(request),
      edit: state.edit,
      space: seen,
      ...adviceOf(seen, isBusy(request)),
    });
  }

  function submit(conversation) {
    state.stopWanted = false;
    set(conversation, true);
    view.toEnd();
    actions.submit({ call: callOf(conversation) });
  }

  function send(text, images) {
    if (!view.options.check()) return false;
    const conversation = ask(base(), contentOf(text, images), Date.now());
    state.edit = null;
    view.composer.fill("");
    submit(conversation);
    return true;
  }

  function again() {
    const conversation = askAgain(state.conversation, Date.now());
    if (!conversation || !view.options.check()) return;
    submit(conversation);
    view.composer.focus();
  }

  function choose({ prompt, messages = [] }) {
    const { id, options } = state.conversation;
    const conversation = conversationOf(messages.length > 0 ? messages : [{ role: "user", content: prompt }], { id, at: Date.now(), options });
    if (openAnswer(conversation)) submit(conversation);
    else set(conversation);
    view.composer.focus();
  }

  function edit(index) {
    const { content } = state.conversation.turns[index];
    state.edit = index;
    view.composer.fillForNow(textOf(content), imagesOf(content));
    draw();
    view.composer.focus();
  }

  function endEdit() {
    state.edit = null;
    view.composer.bringBack();
    draw();
  }

  // A question that may already be at the gateway is stopped as soon as its id is known.
  function stop() {
    state.stopWanted = true;
    stopIfWanted();
    draw();
  }

  function stopIfWanted() {
    const { request, online } = /** @type {Json} */ (state.seen);
    if (!state.stopWanted) return;
    if (isCancellable(request)) {
      state.stopWanted = false;
      actions.cancel();
    } else if (request.phase === "sending" && (request.trouble || !online)) {
      state.stopWanted = false;
      actions.clear();
      set(giveUp(state.conversation, notSent({ stopped: true })));
    }
  }

  function leave(conversation, kept) {
    endEdit();
    state.stopWanted = false;
    set(conversation, kept);
    view.toEnd();
    view.composer.focus();
  }

  function startNew() {
    actions.show(null);
    leave(fresh({ ...state.conversation.options, others: {} }), false);
  }

  function open(id) {
    const conversation = state.list.find((each) => each.id === id);
    if (!conversation) return;
    const last = conversation.turns.findLast(({ request }) => request);
    const answer = /** @type {Json | null} */ (openAnswer(conversation));
    if (answer?.request) actions.open(answer.request);
    else actions.show(last?.request ?? null);
    leave(answer && !answer.request ? giveUp(conversation, notSent({ stopped: false })) : conversation, true);
  }

  function remove(id) {
    removeConversation(space, id);
    readList();
    if (id === state.conversation.id) startNew();
    else draw();
  }

  // The address may name a request of another conversation, perhaps of another browser.
  function adopt(request) {
    if (!(request.id || (request.phase === "sending" && request.input.call)) || concerns(state.conversation, request)) return;
    endEdit();
    const stored = state.list.find((each) => concerns(each, request));
    if (stored) set(stored, true);
    else set(conversationOfRequest(request, request.input ?? { prompt: request.excerpt }, anew()) ?? answerOnly(request, anew()), false);
    view.toEnd();
  }

  // Of a request of another browser, the whole conversation is known once it has ended.
  async function rebuild(request) {
    if (state.kept || request.phase !== "ended" || state.rebuilding === request.id) return;
    state.rebuilding = request.id;
    const input = await readInput(request.result.input);
    if (state.kept || state.seen?.request.id !== request.id) return;
    const rebuilt = conversationOfRequest(request, input, { id: state.conversation.id, at: Date.now() });
    if (rebuilt) set(followRequest(rebuilt, request, problemOf(request, /** @type {Json} */ (state.seen))));
    view.toEnd();
  }

  function update(seen) {
    state.seen = seen;
    const { request } = seen;
    adopt(request);
    stopIfWanted();
    const followed = request.phase === "idle" ? state.conversation : followRequest(state.conversation, request, problemOf(request, seen));
    if (followed === state.conversation) draw();
    else set(followed);
    rebuild(request);
    tell(request, seen);
  }

  window.addEventListener("storage", readList);
  onSessionChange(readList);
  view.options.fill(state.conversation.options);
  view.composer.fill(actions.readDraft());
  show(root, true);
  return {
    update,
    side: view.side,
    /** The body of the call that would be made now. */
    body: () => nextBody(base(), contentOf(view.composer.text().trim(), view.composer.images())),
    /** Show why the gateway rejected a question, which goes back to where it was written. */
    refuse(error) {
      const { turns } = state.conversation;
      const index = turns.findLastIndex(({ role }) => role === "user");
      if (index < 0) return;
      const { content } = turns[index];
      set(cutFrom(state.conversation, index));
      view.composer.fill(textOf(content), imagesOf(content));
      view.composer.showProblem(refusalWords(error));
      view.composer.focus();
    },
    /** The address names no request, after Back or Forward: show a new conversation, unless this one has no address. */
    showNone: () => state.conversation.turns.at(-1)?.request && leave(fresh({ ...state.conversation.options, others: {} }), false),
    /** Forget everything: a different user may be here now. */
    reset() {
      readList();
      state.edit = null;
      set(fresh(NO_OPTIONS), false);
      view.composer.fill("");
    },
  };
}
