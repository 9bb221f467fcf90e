/** The recent requests on the list of spaces: from this browser, or from the gateway for a signed-in user. */
import { part, show } from "../lib/dom.js";
import { mountHistoryList } from "./history_list.js";
import { storedRequests } from "../request/browser_storage.js";
import { refreshHistory } from "./refresh_history.js";
import { makeServerHistory } from "./server_history.js";
import { isSignedIn, onSessionChange } from "../session/session.js";

const MOST = 5;

/** Mount the list; `update()` draws what is known, `refresh()` asks the gateway for the current states. */
export function mountRecentRequests(root) {
  const list = mountHistoryList(part(root, "history"));
  const server = makeServerHistory(null, update);
  let asking = false;

  function update() {
    const entries = (isSignedIn() ? server.entries() : storedRequests()).slice(0, MOST);
    list.update({ entries, withSpace: true });
    show(root, entries.length > 0);
  }

  async function refresh() {
    if (isSignedIn()) {
      server.find("");
      return;
    }
    if (asking) return;
    asking = true;
    await refreshHistory(null, null, update).finally(() => {
      asking = false;
    });
  }

  onSessionChange(() => {
    server.forget();
    update();
    refresh();
  });
  refresh();
  return { update, refresh };
}
