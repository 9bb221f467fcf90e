/** The page of one space. */
import { addressOf, goTo, readAddress } from "./lib/page_address.js";
import { readSpace } from "./api/api.js";
import { part, setText, show } from "./lib/dom.js";
import { keepAsking } from "./api/poll.js";
import { persist } from "./lib/lazy_part.js";
import { mountLink } from "./space/connection_line.js";
import { describeLink } from "./describe/describe_connection.js";
import { isAllowedHere } from "./space/embedding.js";
import { findPending, isRemembered, readDraft, writeDraft } from "./request/browser_storage.js";
import { linksEnd } from "./request/renew_result.js";
import { mountRequestForm } from "./form/request_form.js";
import { makeRequestFlow } from "./request/request_flow.js";
import { onSessionChange, onSessionEnd } from "./session/session.js";
import { mountSiteHeader } from "./site/site_header.js";
import { makeSpaceParts } from "./space/lazy_panels.js";
import { t } from "./lib/text.js";

const TICK_MS = 1000;
const main = document.querySelector("main");
const name = readAddress().space ?? "";
const state = { space: null, spaceAt: 0, reach: "unknown", draft: readDraft(name) };
mountSiteHeader();

const flow = makeRequestFlow(name, { onChange: requestChanged, onInputRefused: (error) => form.showRefusal(error) });
const link = mountLink(part(main, "link"));
const form = mountRequestForm(part(main, "form"), name, {
  onSubmit: submit,
  onDraft: draftChanged,
  onCancel: cancel,
  onFocusLost: () => parts.focusResult(),
});
const actions = { again: (runAgain) => runAgain(flow.current(), form), clear: startAnew, tryNow: askAll, stopTrying: startAnew, renew: flow.renew };
const parts = makeSpaceParts(main, name, { actions, onNews: update });
const asking = new AbortController();
let askSpace = () => undefined;
let lastKey = "";

// The browser may call itself offline while the gateway runs on this very machine.
function view() {
  const request = flow.current();
  const reach = request.trouble?.reached === false ? "failing" : state.reach;
  const online = navigator.onLine || reach === "ok" || reach === "faulty";
  const mine = isRemembered(request.id) || parts.has(request.id);
  return { ...state, reach, online, request, mine, draft: form.holds(), now: Date.now() };
}

function update() {
  const seen = view();
  link.update(describeLink(seen));
  parts.update(seen); // before the form, which may send the focus to the news
  form.update(seen);
  updateHead(seen.space);
  if (linksEnd(seen.request, seen.now)) flow.renew();
}

function updateHead(space) {
  const title = space?.title || name;
  setText(part(main, "title"), title);
  if (space) setText(part(main, "description"), space.description);
  if (document.title !== `${title} · ${t("site.name")}`) document.title = `${title} · ${t("site.name")}`;
}

// A request that moved changes the space's queue too: ask for it, so that the link stays true.
function requestChanged(request) {
  const key = [request.phase, request.id, request.status?.status, request.status?.queue_reason].join();
  if (key !== lastKey && request.phase !== "sending") (askSpace(), parts.start(), parts.refresh());
  lastKey = key;
  update();
}

function draftChanged(draft) {
  state.draft = draft;
  writeDraft(name, draft);
}

function askAll() {
  flow.tryNow();
  askSpace();
}

// What a person wrote and did not get sent is not sent in nobody's name, nor left to who comes next.
function sessionEnded({ byItself }) {
  if (byItself) return;
  if (flow.current().phase === "sending") flow.clear();
  form.clearFiles();
  form.fill({});
}

function submit(input) {
  parts.start();
  flow.submit(input);
  parts.focusResult();
  parts.showResult();
}

function cancel() {
  parts.showResult();
  flow.cancel();
}

function startAnew() {
  flow.clear();
  goTo(name);
  form.focus();
}

function showAddressed() {
  const { request } = readAddress();
  const pending = findPending(name);
  if (request) open(request);
  else if (pending) flow.resume(pending);
  else flow.clear();
}

// A link within the page ("Skip to content") leaves what happens as it is.
function readdressed() {
  if ((readAddress().request ?? undefined) !== flow.current().id) showAddressed();
}

// What stands above the result finds its height first.
function open(request) {
  flow.open(request);
  parts.whenThere(parts.showResult);
}

function closePage({ headline, words, action = null }) {
  flow.clear();
  setText(part(main, "unknown-space").querySelector("h1"), headline);
  setText(part(main, "unknown-space-words"), words);
  if (action) part(main, "unknown-space-words").after(action);
  show(part(main, "known-space"), false);
  show(part(main, "unknown-space"), true);
  part(main, "unknown-space").querySelector("h1").focus();
}

async function saySpaceIsNotShown() {
  const { describeNoSuchSpace } = await persist(() => import("./space/space_not_found.js"));
  closePage(await describeNoSuchSpace(name));
}

function offerOwnPage() {
  const way = part(main, "way-out");
  way.href = addressOf(name);
  setText(way, t("embed.own_page"));
}

// A space that goes away while it is open leaves its answer on the screen.
function spaceTrouble(error) {
  if (error.status === 404 && state.space === null) {
    saySpaceIsNotShown();
    return false;
  }
  state.reach = reachAfter(error);
  parts.start();
  update();
  return true;
}

// A gateway that answers with a fault of its own knows nothing of the worker; one that asks for patience does.
function reachAfter({ reached, status }) {
  if (!reached) return "failing";
  return status >= 500 ? "faulty" : state.reach;
}

function spaceAnswered(space) {
  Object.assign(state, { space, spaceAt: Date.now(), reach: "ok" });
  const allowed = isAllowedHere(space);
  show(part(main, "known-space"), allowed);
  if (allowed) return update(), parts.start();
  asking.abort();
  offerOwnPage();
  closePage({ headline: t("embed.refused"), words: t("embed.refused_words") });
}

function start() {
  form.fill({ ...state.draft, prompt: form.holds().prompt || state.draft.prompt }); // perhaps typed already
  window.addEventListener("storage", update);
  window.addEventListener("offline", askAll);
  window.addEventListener("popstate", readdressed);
  onSessionEnd(sessionEnded); // before the next try to send
  onSessionChange(askAll);
  askSpace = keepAsking({
    ask: (signal) => readSpace(name, signal),
    onAnswer: spaceAnswered,
    onTrouble: spaceTrouble,
    signal: asking.signal,
  });
  showAddressed();
  setInterval(() => document.hidden || update(), TICK_MS);
  update();
}

if (name === "") closePage({ headline: t("space.not_named"), words: t("space.not_named_words") });
else start();
