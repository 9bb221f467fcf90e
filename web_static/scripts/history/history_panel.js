/** The history panel: requests stored in this browser, or the signed-in user's requests from the gateway. */
import { announce, makeAnnouncer } from "../lib/announce.js";
import { part, setText, show } from "../lib/dom.js";
import { readAddress } from "../lib/page_address.js";
import { groupConversations } from "./group_conversations.js";
import { mountHistoryList } from "./history_list.js";
import { readChats, removeStoredRequests, storedRequests } from "../request/browser_storage.js";
import { refreshHistory } from "./refresh_history.js";
import { makeServerHistory } from "./server_history.js";
import { isSignedIn, onSessionChange } from "../session/session.js";
import { t } from "../lib/text.js";

const SEARCH_FROM = 6; // entries; a shorter list needs no search
const TYPING_MS = 1000;

/**
 * Mount the panel of one space; `update(current)` marks the open request. `onNews()` is called when a stored
 * request has changed.
 */
export function mountHistoryPanel(root, space, { onNews }) {
  const list = mountHistoryList(part(root, "history"), { onDeleted: forgetDeleted });
  const search = /** @type {HTMLInputElement} */ (part(root, "history-search"));
  const server = makeServerHistory(space, () => update());
  const heading = () => root.querySelector("h2");
  const tell = makeAnnouncer(TYPING_MS);
  /** @type {string | null} */
  let current = null;

  function update(now = current) {
    current = now;
    const signedIn = isSignedIn();
    const all = signedIn ? server.entries() : storedRequests(space);
    const query = search.value.trim();
    const entries = signedIn ? groupConversations(all, conversationsOf(space)) : all.filter(({ prompt }) => matches(prompt, query));
    list.update({ entries, current });
    show(/** @type {HTMLElement} */ (search.closest("label")), query !== "" || all.length >= SEARCH_FROM);
    showWords({ signedIn, query, empty: entries.length === 0 });
    show(part(root, "clear-history"), !signedIn && all.length > 0);
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

  // The button may be gone now; focus the first of the new rows.
  async function showMore() {
    const rows = part(root, "history").children;
    const shown = rows.length;
    await server.more();
    if (rows.length > shown) rows[shown].querySelector("a")?.focus();
    else if (!server.hasMore()) heading().focus();
  }

  function forgetDeleted(ids) {
    ids.forEach(server.drop);
    update();
    heading().focus();
  }

  function forget() {
    removeStoredRequests(space);
    announce(t("history.forgotten"));
    update();
    heading().focus();
  }

  part(root, "clear-history").addEventListener("click", forget);
  part(root, "history-more").addEventListener("click", showMore);
  search.addEventListener("input", searchNow);
  onSessionChange(() => {
    server.forget();
    searchNow();
  });
  if (isSignedIn()) server.find("");
  refreshHistory(space, readAddress().request, onNews);
  return { update, refresh: () => isSignedIn() && server.find(search.value.trim()), has: (id) => isSignedIn() && server.entries().some((entry) => entry.id === id) };
}

const conversationsOf = (space) => readChats(space).filter((each) => Array.isArray(each?.turns));

const matches = (prompt, query) => query.toLocaleLowerCase().split(/\s+/).every((word) => prompt.toLocaleLowerCase().includes(word));
