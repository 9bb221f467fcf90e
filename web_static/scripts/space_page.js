/** The page of one space. */
import { announce } from "./announce.js";
import { goTo, readAddress } from "./address.js";
import { readSpace } from "./api.js";
import { part, setText, show } from "./dom.js";
import { mountHistory } from "./history.js";
import { keepAsking } from "./keep_asking.js";
import { mountLink } from "./link.js";
import { describeLink } from "./link_state.js";
import { findPending, forgetRequests, readDraft, rememberedRequests, writeDraft } from "./memory.js";
import { mountRequestForm } from "./request_form.js";
import { makeRequestFlow } from "./request_flow.js";
import { mountResult } from "./result.js";
import { mountSiteHeader } from "./site_header.js";
import { mountSnippets } from "./snippets.js";
import { t } from "./text.js";

const TICK_MS = 1000;
const main = document.querySelector("main");
const name = readAddress().space ?? "";
const state = { space: null, spaceAt: 0, reach: "unknown", draft: readDraft(name) };

const flow = makeRequestFlow(name, { onChange: requestChanged, onPromptRefused: ({ detail }) => form.showProblem(detail) });
const link = mountLink(part(main, "link"));
const form = mountRequestForm(part(main, "form"), {
  onSubmit: submit,
  onDraft: draftChanged,
  onCancel: flow.cancel,
  onFocusLost: () => result.focus(),
});
const historyList = mountHistory(part(main, "history"));
const result = mountResult(part(main, "result"), {
  again: () => submit(flow.current().prompt),
  clear: startAnew,
  tryNow: askAll,
  stopTrying: startAnew,
});
let askSpace = () => undefined;
let lastKey = "";

// The browser may call itself offline while the gateway runs on this very machine.
function view() {
  const reach = flow.current().trouble?.reached === false ? "failing" : state.reach;
  const online = navigator.onLine || reach === "ok";
  return { ...state, reach, online, request: flow.current(), now: Date.now() };
}

function update() {
  const seen = view();
  link.update(describeLink(seen));
  result.update(seen); // before the form, which may send the focus to the news
  form.update({ request: seen.request, limit: seen.space?.limits.max_prompt_bytes ?? null });
  updateHead(seen.space);
  updateHistory(seen.request);
}

function updateHead(space) {
  const title = space?.title || name;
  setText(part(main, "title"), title);
  if (space) setText(part(main, "description"), space.description);
  if (document.title !== `${title} · ${t("site.name")}`) document.title = `${title} · ${t("site.name")}`;
}

function updateHistory(request) {
  const entries = rememberedRequests(name);
  historyList.update({ entries, current: request.id ?? null });
  show(part(main, "history-empty"), entries.length === 0);
  show(part(main, "forget"), entries.length > 0);
}

// A request that moved changes the space's queue too: ask for it, so that the link stays true.
function requestChanged(request) {
  const key = [request.phase, request.id, request.status?.status, request.status?.queue_reason].join();
  if (key !== lastKey && request.phase !== "sending") askSpace();
  lastKey = key;
  update();
}

function draftChanged(text) {
  state.draft = text;
  writeDraft(name, text);
}

function askAll() {
  flow.tryNow();
  askSpace();
}

function submit(prompt) {
  flow.submit(prompt);
  result.focus();
}

function startAnew() {
  flow.clear();
  goTo(name);
  form.focus();
}

function showAddressed() {
  const { request } = readAddress();
  const pending = findPending(name);
  if (request) flow.open(request);
  else if (pending) flow.resume(pending);
  else flow.clear();
}

function forget() {
  forgetRequests(name);
  announce(t("history.forgotten"));
  update();
  part(main, "history-empty").parentElement.querySelector("h2").focus();
}

function unknownSpace() {
  flow.clear();
  setText(part(main, "unknown-space-words"), t("space.none_named_words", { space: name }));
  show(part(main, "known-space"), false);
  show(part(main, "unknown-space"), true);
  part(main, "unknown-space").querySelector("h1").focus();
}

// A space that goes away while it is open leaves its answer on the screen.
function spaceTrouble(error) {
  if (error.status === 404 && state.space === null) return unknownSpace(), false;
  state.reach = error.reached ? state.reach : "failing";
  update();
  return true;
}

function start() {
  mountSiteHeader();
  mountSnippets({ curlRoot: part(main, "curl"), pythonRoot: part(main, "python") }, name);
  form.setText(state.draft);
  part(main, "forget").addEventListener("click", forget);
  window.addEventListener("storage", update);
  window.addEventListener("offline", askAll);
  window.addEventListener("popstate", showAddressed);
  askSpace = keepAsking({
    ask: (signal) => readSpace(name, signal),
    onAnswer: (space) => (Object.assign(state, { space, spaceAt: Date.now(), reach: "ok" }), update()),
    onTrouble: spaceTrouble,
    signal: new AbortController().signal,
  });
  showAddressed();
  setInterval(() => document.hidden || update(), TICK_MS);
  update();
}

if (name === "") unknownSpace();
else start();
