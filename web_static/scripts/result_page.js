/** The page of one result, for whoever has its link: read only. */
import { addressOf, readAddress } from "./lib/page_address.js";
import { readSpace } from "./api/api.js";
import { part, setText, show } from "./lib/dom.js";
import { keepAsking } from "./api/poll.js";
import { linksEnd } from "./request/renew_result.js";
import { makeRequestFlow } from "./request/request_flow.js";
import { mountResult } from "./result/result_panel.js";
import { mountSiteHeader } from "./site/site_header.js";
import { t } from "./lib/text.js";

const TICK_MS = 1000;
const main = document.querySelector("main");
const { space: name, request: id } = readAddress();
const state = { space: null, spaceAt: 0 };
mountSiteHeader();

const flow = makeRequestFlow(name ?? "", { onChange: update });
const result = mountResult(part(main, "result"), { tryNow: flow.tryNow, renew: flow.renew });

function update() {
  const request = flow.current();
  const online = navigator.onLine || request.trouble?.reached !== false;
  const seen = { ...state, online, request, mine: false, draft: null, now: Date.now() };
  result.update(seen);
  if (linksEnd(request, seen.now)) flow.renew();
}

// Whoever may read a result may not see its space; then only its name is shown, and no way to it.
function showSpace(space) {
  Object.assign(state, { space, spaceAt: Date.now() });
  setText(part(main, "space-title"), space.title || name);
  show(part(main, "try-it"), true);
  document.title = t("result_page.title", { space: space.title || name });
  update();
  return asking.abort();
}

function start() {
  setText(part(main, "space-title"), name);
  document.title = t("result_page.title", { space: name });
  part(main, "try-it").href = addressOf(name);
  window.addEventListener("offline", update);
  keepAsking({ ask: (signal) => readSpace(name, signal), onAnswer: showSpace, onTrouble: ({ status }) => status !== 404, signal: asking.signal });
  flow.open(id);
  setInterval(() => document.hidden || update(), TICK_MS);
}

const asking = new AbortController();
if (name && id) start();
else (show(part(main, "known"), false), show(part(main, "unknown"), true));
