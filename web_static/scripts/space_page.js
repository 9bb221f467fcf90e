/** The entry script of a space's page. */
import { spaceAddress, pushAddress, readAddress } from "./lib/page_address.js";
import { readSpace } from "./api/api.js";
import { part, setText, show } from "./lib/dom.js";
import { poll } from "./api/poll.js";
import { loadWithRetry } from "./lib/lazy_part.js";
import { mountConnectionLine } from "./space/connection_line.js";
import { describeConnection } from "./describe/describe_connection.js";
import { isEmbeddingAllowed } from "./space/embedding.js";
import { findPending, isStored, readDraft, writeDraft } from "./request/browser_storage.js";
import { linksExpireSoon } from "./request/renew_result.js";
import { mountRequestForm } from "./form/request_form.js";
import { makeRequestFlow } from "./request/request_flow.js";
import { isQuick } from "./request/request_state.js";
import { onSessionChange, onSessionEnd } from "./session/session.js";
import { mountSiteHeader } from "./site/site_header.js";
import { makeLazyPanels } from "./space/lazy_panels.js";
import { t } from "./lib/text.js";
import { mountViews } from "./space/views.js";

const TICK_MS = 1000;
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const name = readAddress().space ?? "";
const state = { space: null, spaceAt: 0, reach: "unknown", draft: readDraft(name) };
mountSiteHeader();

const flow = makeRequestFlow(name, { onChange: requestChanged, onInputRefused: (error) => parts.refuse(error) || form.showRefusal(error) });
const connection = mountConnectionLine(part(main, "connection"));
const form = mountRequestForm(part(main, "form"), name, {
  onSubmit: submit,
  onDraft: draftChanged,
  onCancel: cancel,
  onFocusLost: () => parts.focusResult(),
});
const actions = { again: (runAgain) => runAgain(flow.current(), form), clear: startNewRequest, example: (run) => run(form), tryNow: refreshAll, stopTrying: leaveRequest, renew: flow.renew, chat: chatActions() };
const parts = makeLazyPanels(main, name, { actions, onNews: update });
const polling = new AbortController();
const showView = mountViews(part(main, "views"), parts.views, update);
let pollSpaceNow = () => {};
let lastKey = "";

// The browser may report that it is offline although the gateway runs on the same machine.
function view() {
  const request = flow.current();
  const reach = request.trouble?.reached === false ? "failing" : state.reach;
  const online = navigator.onLine || reach === "ok" || reach === "faulty";
  const mine = isStored(request.id) || parts.has(request.id);
  return { ...state, reach, online, request, mine, draft: form.values(), now: Date.now() };
}

function update() {
  const seen = view();
  connection.update(describeConnection(seen));
  parts.update(seen); // before the form, which may move the focus to the result
  form.update(seen);
  updateHead(seen.space);
  if (linksExpireSoon(seen.request, seen.now)) flow.renew();
}

function updateHead(space) {
  const title = space?.title || name;
  setText(part(main, "title"), title);
  if (space) setText(part(main, "description"), space.description);
  if (document.title !== `${title} · ${t("site.name")}`) document.title = `${title} · ${t("site.name")}`;
}

// A request that changes also changes the space's queue: poll the space, so that the connection line stays true. Not
// while a quick request runs: its end is about to change the queue again.
function requestChanged(request) {
  const quick = isQuick(request);
  const key = [request.phase, request.id, request.status?.status, request.status?.queue_reason, quick].join();
  if (key !== lastKey && request.phase !== "sending") {
    if (!quick) pollSpaceNow();
    parts.start();
    parts.refresh();
  }
  lastKey = key;
  update();
}

function draftChanged(draft) {
  state.draft = draft;
  writeDraft(name, draft);
}

function refreshAll() {
  flow.tryNow();
  pollSpaceNow();
}

// After sign-out, unsent input is neither sent anonymously nor left for the next user.
function sessionEnded({ expired }) {
  if (expired) return;
  if (flow.current().phase === "sending") flow.clear();
  form.clearFiles();
  form.fill({});
  parts.reset();
}

function submit(input) {
  parts.start();
  flow.submit(input);
  parts.focusResult();
  parts.showOwnResult();
}

// The form, which is not shown then, keeps the draft.
function chatActions() {
  return {
    submit: (input) => flow.submit(input, { replaces: true }),
    cancel: flow.cancel,
    clear: flow.clear,
    renew: flow.renew,
    draft: (text) => form.fill({ prompt: text }),
    readDraft: () => form.values().prompt,
    open(id) {
      pushAddress(name, id);
      flow.open(id);
    },
    show(id) {
      flow.clear();
      pushAddress(name, id);
    },
  };
}

function cancel() {
  parts.showResult();
  flow.cancel();
}

function leaveRequest() {
  flow.clear();
  pushAddress(name);
  form.focus();
}

function startNewRequest() {
  form.clearFiles();
  form.fill({});
  leaveRequest();
}

function showCurrentAddress() {
  const { request } = readAddress();
  const pending = findPending(name);
  if (request) open(request);
  else if (pending) flow.resume(pending);
  else flow.clear();
}

// A link within the page ("Skip to content") changes nothing else.
function addressChanged() {
  const { request } = readAddress();
  if ((request ?? undefined) !== flow.current().id) showCurrentAddress();
  if (!request && !findPending(name)) parts.showNone();
}

// Scroll only when the panels above the result have their final height.
function open(request) {
  showView("playground");
  flow.open(request);
  parts.whenThere(() => form.onceComplete(parts.showResult));
}

/** @param {{headline: string, words: string, action?: Node | null}} why */
function closePage({ headline, words, action = null }) {
  const heading = /** @type {HTMLElement} */ (part(main, "space-not-found").querySelector("h1"));
  flow.clear();
  setText(heading, headline);
  setText(part(main, "space-not-found-words"), words);
  if (action) part(main, "space-not-found-words").after(action);
  show(part(main, "space"), false);
  show(part(main, "space-not-found"), true);
  heading.focus();
}

async function showSpaceNotFound() {
  const { describeSpaceNotFound } = await loadWithRetry(() => import("./space/space_not_found.js"));
  closePage(await describeSpaceNotFound(name));
}

function offerOwnPage() {
  const way = /** @type {HTMLAnchorElement} */ (part(main, "exit-link"));
  way.href = spaceAddress(name);
  setText(way, t("embed.own_page"));
}

// A space that disappears while it is open keeps its answer on the screen.
function spaceTrouble(error) {
  if (error.status === 404 && state.space === null) {
    showSpaceNotFound();
    return false;
  }
  state.reach = reachAfter(error);
  parts.start();
  update();
  return true;
}

// A server error says nothing about the worker; a rate limit does.
function reachAfter({ reached, status }) {
  if (!reached) return "failing";
  return status >= 500 ? "faulty" : state.reach;
}

function spaceAnswered(space) {
  Object.assign(state, { space, spaceAt: Date.now(), reach: "ok" });
  const allowed = isEmbeddingAllowed(space);
  show(part(main, "space"), allowed);
  if (allowed) {
    update();
    parts.start();
    return;
  }
  polling.abort();
  offerOwnPage();
  closePage({ headline: t("embed.refused"), words: t("embed.refused_words") });
}

function start() {
  form.fill({ ...state.draft, prompt: form.values().prompt || state.draft.prompt }); // the user may have typed already
  window.addEventListener("storage", update);
  window.addEventListener("offline", refreshAll);
  window.addEventListener("popstate", addressChanged);
  onSessionEnd(sessionEnded); // before the next attempt to send
  onSessionChange(refreshAll);
  pollSpaceNow = poll({
    load: (signal) => readSpace(name, signal),
    onResponse: spaceAnswered,
    onError: spaceTrouble,
    signal: polling.signal,
  });
  showCurrentAddress();
  if (readAddress().remix) loadWithRetry(() => import("./form/remix.js")).then(({ remix }) => remix(name, form));
  setInterval(() => document.hidden || update(), TICK_MS);
  update();
}

if (name === "") closePage({ headline: t("space.not_named"), words: t("space.not_named_words") });
else start();
