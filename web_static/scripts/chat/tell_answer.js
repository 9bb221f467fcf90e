/** Tells screen readers what becomes of a question, each piece of news once. */
import { announce } from "../lib/announce.js";
import { isEnd } from "../request/request_state.js";
import { newsOf } from "./live_answer.js";

const SILENT = new Set(["idle", "opening"]);

/** Make a function that announces what is new about a request; `view` is that of `describeRequest`. */
export function makeTeller() {
  let told = "";

  return (request, view) => {
    if (request.phase === "open" && isEnd(request.status.status)) return; // the answer comes next
    const { key, words } = newsOf(request, view);
    if (key === told) return;
    told = key;
    if (!SILENT.has(request.phase)) announce(words);
  };
}
