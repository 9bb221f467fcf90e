/** The entry script of a shared result, which is read only. */
import { spaceAddress, readAddress, remixAddress } from "./lib/page_address.js";
import { readSpace } from "./api/api.js";
import { part, setText, show } from "./lib/dom.js";
import { poll } from "./api/poll.js";
import { linksExpireSoon } from "./request/renew_result.js";
import { makeRequestFlow } from "./request/request_flow.js";
import { mountResultPanel } from "./result/result_panel.js";
import { mountSiteHeader } from "./site/site_header.js";
import { t } from "./lib/text.js";

const TICK_MS = 1000;
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const { space: name, request: id } = readAddress();
const state = { space: null, spaceAt: 0 };
mountSiteHeader();

const flow = makeRequestFlow(name ?? "", { onChange: update });
const result = mountResultPanel(part(main, "result"), { tryNow: flow.tryNow, renew: flow.renew });

function update() {
  const request = flow.current();
  const online = navigator.onLine || request.trouble?.reached !== false;
  const seen = { ...state, online, request, mine: false, draft: null, now: Date.now() };
  result.update(seen);
  offerRemix(request);
  if (linksExpireSoon(request, seen.now)) flow.renew();
}

// The form holds a prompt; a call or a large input begins anew.
function offerRemix(/** @type {Json} */ { phase, result: ended }) {
  const fits = phase === "ended" && Boolean(ended.input?.prompt);
  /** @type {HTMLAnchorElement} */ (part(main, "try-it")).href = fits ? remixAddress(name, id) : spaceAddress(name ?? "");
  setText(part(main, "try-it"), t(fits ? "result_page.remix" : "result_page.try_it"));
}

// Someone with the link may not have access to the space; the page then shows only its name, without a link to it.
function showSpace(space) {
  Object.assign(state, { space, spaceAt: Date.now() });
  setText(part(main, "space-title"), space.title || name);
  show(part(main, "try-it"), true);
  document.title = t("result_page.title", { space: space.title || name });
  update();
  return polling.abort();
}

function start() {
  setText(part(main, "space-title"), name);
  document.title = t("result_page.title", { space: name });
  window.addEventListener("offline", update);
  poll({ load: (signal) => readSpace(name, signal), onResponse: showSpace, onError: ({ status }) => status !== 404, signal: polling.signal });
  flow.open(id);
  setInterval(() => document.hidden || update(), TICK_MS);
}

const polling = new AbortController();
if (name && id) start();
else {
  show(part(main, "shared-result"), false);
  show(part(main, "incomplete-link"), true);
}
