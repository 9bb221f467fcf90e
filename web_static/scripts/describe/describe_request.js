/**
 * Describes a request: {key, tone, icon, headline, words, spoken, quote, alarm}. Pure. `key` changes when there is news;
 * `spoken` is what a screen reader hears instead of the words, if it is not null: text that arrives speaks for itself to
 * others. `quote` is the model's own message; `alarm` says what failed.
 */
import { describeEnd } from "./describe_end.js";
import { describeCancelling, describeFailedCancel, describeRunning, describeWaiting } from "./describe_open.js";
import { describeRefusal } from "./describe_refusal.js";
import { relativeTime } from "../lib/format.js";
import { isCancelling, isEnd, isLive, streamOf } from "../request/request_state.js";
import { t } from "../lib/text.js";

const BY_PHASE = {
  idle: () => plain("idle", ["result.idle_words"]),
  opening: () => plain("opening", []),
  missing: () => plain("missing", ["result.missing_words"], { tone: "bad", icon: "cross" }),
  deleted: () => plain("deleted", ["result.deleted_words"], { icon: "check" }),
  expired: () => plain("expired", ["result.expired_words"], { tone: "warn", icon: "clock" }),
  sending: describeSending,
  refused: describeRefusal,
  open: describeOpen,
  ended: (request, { space }) => describeEnd(request.result, endView(request, space)),
};

/** Describe a request; `view` is {now, space, spaceAt, online}. */
export function describeRequest(request, view) {
  return { tone: "none", icon: null, spoken: null, quote: null, alarm: null, ...BY_PHASE[request.phase](request, view) };
}

/**
 * What to show while the gateway cannot be polled: {words, news}; `news` leaves out the countdown. Null if all is
 * well.
 */
export function describeTrouble(request, { now, online }) {
  const sending = request.phase === "sending";
  const alarm = describeFailedCancel(request, now);
  if (!(sending || isLive(request)) || (online && !request.trouble)) return alarm && { words: alarm, news: null };
  const lastKnown = request.phase === "open" ? t("result.last_known") : null;
  const known = [reasonOf(request.trouble, online), lastKnown];
  const plan = online ? planWords(sending, request.trouble.retryAt, now) : plansWhenBack(sending);
  return { words: sentences([alarm, ...known, plan]), news: sentences(known) };
}

const sentences = (words) => words.filter(Boolean).join(" ");

function reasonOf(trouble, online) {
  if (!online) return t("connection.page_offline");
  return t(trouble.reached ? "result.pause_asked" : "connection.unreachable");
}

const planWords = (sending, retryAt, now) =>
  t(sending ? "result.sent_again" : "result.polled_again", { when: relativeTime(retryAt, now) });

const plansWhenBack = (sending) => t(sending ? "result.sent_when_back" : "result.polled_when_back");

const endView = (request, space) => ({ space, cancelled: request.cancel !== null, written: streamOf(request).text !== "" });

function plain(name, words, look = {}) {
  return { key: name, headline: t(`result.${name}`), words: words.map((key) => t(key)), ...look };
}

function describeSending(request, { online }) {
  if (request.trouble || !online) return { key: "not_sent", headline: t("result.not_sent"), words: [], tone: "warn", icon: "warning" };
  return plain("sending", ["result.sending_words"]);
}

function describeOpen(request, view) {
  const { status } = request;
  if (isEnd(status.status)) return describeEnd(status, endView(request, view.space));
  if (isCancelling(request)) return describeCancelling(request);
  const described = status.status === "IN_PROGRESS" ? describeRunning(request, view) : describeWaiting(request, view);
  const alarm = describeFailedCancel(request, view.now);
  return { ...described, alarm, key: alarm ? `${described.key} not cancelled` : described.key };
}
