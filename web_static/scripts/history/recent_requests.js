/** The last requests, on the list of spaces: what this browser remembers, or (signed in) what the gateway keeps. */
import { part, show } from "../lib/dom.js";
import { mountHistory } from "./history_list.js";
import { rememberedRequests } from "../request/browser_storage.js";
import { refreshHistory } from "./refresh_history.js";
import { makeServerHistory } from "./server_history.js";
import { isSignedIn, onSessionChange } from "../session/session.js";

const MOST = 5;

/** Mount them; `update()` draws what is known, `refresh()` asks where it stands. */
export function mountLastRequests(root) {
  const list = mountHistory(part(root, "history"));
  const server = makeServerHistory(null, update);
  let asking = false;

  function update() {
    const entries = (isSignedIn() ? server.entries() : rememberedRequests()).slice(0, MOST);
    list.update({ entries, withSpace: true });
    show(root, entries.length > 0);
  }

  async function refresh() {
    if (isSignedIn()) return server.find("");
    if (asking) return;
    asking = true;
    await refreshHistory(null, null, update).finally(() => (asking = false));
  }

  onSessionChange(() => (server.forget(), update(), refresh()));
  refresh();
  return { update, refresh };
}
