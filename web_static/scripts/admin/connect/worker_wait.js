/** Waits for the first worker of a space, and then says which one it is. */
import { readSpace } from "../../api/api.js";
import { poll } from "../../api/poll.js";
import { announce } from "../../lib/announce.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/text.js";
import { errorWords } from "../ui/error_notice.js";
import { formatList } from "../ui/format_value.js";
import { shareSpace } from "./share_space.js";

const SHORTEST_MS = 2000;
const LONGEST_MS = 5000;

/** Follow the space until `signal` aborts. */
export function mountWorkerWait(root, space, signal) {
  const line = h("p", { class: "connect-state", "data-tone": "none" });
  const share = h("div", {});
  root.replaceChildren(line, share);
  let shown = "";

  function say(words, tone, name) {
    if (words === shown) return;
    shown = words;
    line.dataset.tone = tone;
    line.replaceChildren(icon(name), h("span", {}, words));
    if (tone === "good") announce(words);
  }

  function update({ workers }) {
    const names = workers.filter(({ state }) => state !== "reconnecting").map((worker) => worker.worker_id);
    if (names.length === 0) {
      say(t("admin.connect.waiting"), "none", "clock");
      return;
    }
    say(t("admin.connect.connected", { workers: formatList(names) }), "good", "check");
    if (share.children.length === 0) share.append(shareSpace(space));
  }

  const onError = (error) => {
    say(errorWords(error), "bad", "warning");
    return true;
  };
  say(t("admin.connect.waiting"), "none", "clock");
  poll({ load: (turn) => readSpace(space, turn), onResponse: update, onError, signal, shortestMs: SHORTEST_MS, longestMs: LONGEST_MS });
}
