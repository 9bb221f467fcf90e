/** Describes the answer that is being written, and why there is none. Pure. */
import { describeRequest, describeTrouble } from "../describe/describe_request.js";
import { closedReason } from "../describe/describe_space.js";
import { roughDuration } from "../lib/format.js";
import { isLive, nextTextAt, streamOf } from "../request/request_state.js";
import { toLocal } from "../lib/server_clock.js";
import { t } from "../lib/text.js";

const TOLD_LETTERS = 300;

/** The answer of a request: {text, until, status, files}; `status` is what to say about it, `until` as `nextTextAt`. `view` is that of `describeRequest`. */
export function liveAnswer(request, view) {
  if (request.phase === "ended") return { text: "", until: null, status: [], files: request.result.output?.files ?? [] };
  const text = isRunning(request) ? streamOf(request).text : "";
  const trouble = describeTrouble(request, view)?.words ?? null;
  return { text, until: nextTextAt(request), status: [...(isPlain(request, text) ? [] : statusLines(request, view)), trouble].filter(Boolean), files: [] };
}

const isRunning = ({ status }) => status?.status === "IN_PROGRESS";

// Text that arrives as it should speaks for itself.
const isPlain = ({ status, cancel }, text) => text !== "" && status.attempt === 1 && !cancel;

function statusLines(request, view) {
  const { headline, words } = describeRequest(request, view);
  return [[headline, elapsed(request, view.now)].filter(Boolean).join(" · "), ...words];
}

function elapsed(request, now) {
  const since = isLive(request) ? toLocal(request.status?.times.created_at) : null;
  return since === null || now - since < 1000 ? null : roughDuration((now - since) / 1000);
}

/** What to say about an answer that is not whole: {headline, words, quote}; no headline if it is no failure. Null if it is. */
export function problemOf(request, view) {
  const { headline, words, quote } = describeRequest(request, view);
  const status = request.phase === "ended" ? request.result.status : null;
  if (status === "CANCELLED") return { headline: null, words: [t("chat.stopped")], quote: null };
  if (status === "COMPLETED") return words.length > 0 ? { headline: null, words, quote: null } : null;
  return { headline, words, quote };
}

/** Why a question has no answer that never reached the gateway; `stopped` is whether the user wanted it so. */
export const notSent = ({ stopped }) => ({ headline: t("chat.not_sent"), words: stopped ? [t("chat.stopped_unsent")] : [], quote: null });

/** What to say where messages are written: `off` if none can be sent, `hint` if no worker is there. */
export function adviceOf(space, busy) {
  const closed = space ? closedReason(space) : null;
  const away = space?.state === "offline" && !busy && closed === null;
  const hint = away ? t(space.when_offline === "refuse" ? "chat.offline_refused" : "chat.offline") : "";
  return { off: closed ? t(`form.closed_${closed}`) : null, hint };
}

/** What screen readers hear of a request: {key, words}; the key changes when there is news. */
export function newsOf(request, view) {
  const { key, headline, words, spoken, quote } = describeRequest(request, view);
  const trouble = describeTrouble(request, view)?.news ?? null;
  const state = request.phase === "ended" && key === "COMPLETED" ? t("chat.answered", { text: excerptOf(request.result.output?.text?.trim() || words.join(" ")) }) : [`${headline.replace(/…$/, "")}.`, spoken ?? words[0], quote].filter(Boolean).join(" ");
  return { key: `${key} ${trouble}`, words: trouble ?? state };
}

const excerptOf = (text) => (text.length > TOLD_LETTERS ? `${text.slice(0, TOLD_LETTERS)}…` : text);
