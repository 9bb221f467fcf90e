/** The history panel: what this browser remembers, or (signed in) what the gateway keeps for a person. */
import { announce, makeTeller } from "../lib/announce.js";
import { part, setText, show } from "../lib/dom.js";
import { readAddress } from "../lib/page_address.js";
import { mountHistory } from "./history_list.js";
import { forgetRequests, rememberedRequests } from "../request/browser_storage.js";
import { refreshHistory } from "./refresh_history.js";
import { makeServerHistory } from "./server_history.js";
import { isSignedIn, onSessionChange } from "../session/session.js";
import { t } from "../lib/text.js";

const SEARCH_FROM = 6; // entries; fewer are seen at once
const TYPING_MS = 1000;

/** Mount the panel of one space; `update(current)` marks the open request, `onNews()` hears of stored requests that moved. */
export function mountRequestHistory(root, space, { onNews }) {
  const list = mountHistory(part(root, "history"), { onDeleted: (id) => (server.drop(id), update(), heading().focus()) });
  const search = part(root, "history-search");
  const server = makeServerHistory(space, () => update());
  const heading = () => root.querySelector("h2");
  const tell = makeTeller(TYPING_MS);
  let current = null;

  function update(now = current) {
    current = now;
    const signedIn = isSignedIn();
    const all = signedIn ? server.entries() : rememberedRequests(space);
    const query = search.value.trim();
    const entries = signedIn ? all : all.filter(({ prompt }) => matches(prompt, query));
    list.update({ entries, current });
    show(search.closest("label"), query !== "" || all.length >= SEARCH_FROM);
    showWords({ signedIn, query, empty: entries.length === 0 });
    show(part(root, "forget"), !signedIn && all.length > 0);
    show(part(root, "history-more"), signedIn && server.hasMore());
  }

  function showWords({ signedIn, query, empty }) {
    const troubled = signedIn && server.trouble();
    show(part(root, "history-empty"), empty || troubled);
    const words = emptyWords({ signedIn, query });
    setText(part(root, "history-empty"), words);
    tell(troubled || (empty && query !== "") ? words : null);
  }

  function emptyWords({ signedIn, query }) {
    if (signedIn && server.trouble()) return t("history.unreachable");
    if (signedIn && server.isAsking()) return t("history.asking");
    if (query) return t("history.no_match", { query });
    return t(signedIn ? "history.none" : "history.empty");
  }

  function searchNow() {
    if (isSignedIn()) server.find(search.value.trim());
    update();
  }

  // The button may be gone, and what it brought stands before it.
  async function showMore() {
    const rows = part(root, "history").children;
    const shown = rows.length;
    await server.more();
    if (rows.length > shown) rows[shown].querySelector("a").focus();
    else if (!server.hasMore()) heading().focus();
  }

  function forget() {
    forgetRequests(space);
    announce(t("history.forgotten"));
    update();
    heading().focus();
  }

  part(root, "forget").addEventListener("click", forget);
  part(root, "history-more").addEventListener("click", showMore);
  search.addEventListener("input", searchNow);
  onSessionChange(() => (server.forget(), searchNow()));
  if (isSignedIn()) server.find("");
  refreshHistory(space, readAddress().request, onNews);
  return { update, refresh: () => isSignedIn() && server.find(search.value.trim()), has: (id) => isSignedIn() && server.entries().some((entry) => entry.id === id) };
}

const matches = (prompt, query) => query.toLocaleLowerCase().split(/\s+/).every((word) => prompt.toLocaleLowerCase().includes(word));
