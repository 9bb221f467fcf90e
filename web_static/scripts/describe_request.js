/**
 * A request in words: {key, tone, icon, headline, words, quote}. Pure. `key` changes when there is
 * news; `quote` is what the model itself said.
 */
import { toLocal } from "./clock.js";
import { describeEnd } from "./describe_end.js";
import { describeRefusal } from "./describe_refusal.js";
import { moment, number, roughDuration, whenWords } from "./format.js";
import { isEnd, isLive } from "./request_state.js";
import { t } from "./text.js";

const BY_PHASE = {
  idle: () => plain("idle", ["result.idle_words"]),
  opening: () => plain("opening", []),
  missing: () => plain("missing", ["result.missing_words"], { tone: "bad", icon: "cross" }),
  expired: () => plain("expired", ["result.expired_words"], { tone: "warn", icon: "clock" }),
  sending: describeSending,
  refused: ({ error }, { now }) => describeRefusal(error, now),
  open: (request, view) => describeOpen(request, view),
  ended: ({ result }, { space }) => describeEnd(result, space),
};

/** Describe a request; `view` is {now, space, online}. */
export function describeRequest(request, view) {
  return { tone: "none", icon: null, quote: null, ...BY_PHASE[request.phase](request, view) };
}

/** What to say while nothing can be asked; null when all is well. */
export function describeTrouble(request, { now, online }) {
  const sending = request.phase === "sending";
  if (!(sending || isLive(request)) || (online && !request.trouble)) return null;
  const lastKnown = request.phase === "open" ? t("result.last_known") : null;
  const plan = online ? planWords(sending, request.trouble.retryAt, now) : plansWhenBack(sending);
  return [reasonOf(request.trouble, online), lastKnown, plan].filter(Boolean).join(" ");
}

function reasonOf(trouble, online) {
  if (!online) return t("link.page_offline");
  return t(trouble.reached ? "result.pause_asked" : "link.unreachable");
}

const planWords = (sending, retryAt, now) =>
  t(sending ? "result.sent_again" : "result.asked_again", { when: whenWords(retryAt, now) });

const plansWhenBack = (sending) => t(sending ? "result.sent_when_back" : "result.asked_when_back");

function plain(name, words, look = {}) {
  return { key: name, headline: t(`result.${name}`), words: words.map((key) => t(key)), ...look };
}

function describeSending(request, { online }) {
  if (request.trouble || !online) return { key: "not_sent", headline: t("result.not_sent"), words: [], tone: "warn", icon: "warning" };
  return plain("sending", ["result.sending_words"]);
}

function describeOpen(request, view) {
  const { status } = request;
  if (isEnd(status.status)) return describeEnd(status, view.space);
  return status.status === "IN_PROGRESS" ? describeRunning(request, view) : describeWaiting(request, view);
}

function describeWaiting({ status, receivedAt }, { now, space }) {
  const position = positionWords(status);
  const workerless = status.queue_reason === "no_worker";
  const words = [
    handedBackWords(status),
    workerless ? `${position}.` : null,
    reasonWords(status, space, now),
    startWords(status, receivedAt, now),
  ];
  return {
    key: ["waiting", position, status.queue_reason, status.attempt].join(),
    headline: workerless ? t("result.for_worker") : position,
    words: words.filter(Boolean),
    icon: "clock",
    tone: workerless ? "warn" : "none",
  };
}

function positionWords({ queue_position: position }) {
  return position ? t("result.position", { count: number(position) }) : t("result.next");
}

const handedBackWords = ({ attempt }) => (attempt ? t("result.handed_back") : null);

function reasonWords({ queue_reason: reason, deadline }, space, now) {
  if (!reason) return null;
  const expectedBack = reason === "no_worker" && space?.state === "reconnecting";
  const until = toLocal(deadline);
  return t(`result.${expectedBack ? "worker_reconnecting" : reason}`, { deadline: until === null ? "" : moment(until, now) });
}

function startWords({ eta_seconds: eta }, receivedAt, now) {
  if (eta === null || eta === undefined) return null;
  const left = eta - (now - receivedAt) / 1000;
  return left < 1 ? t("result.starts_soon") : t("result.starts_in", { duration: roughDuration(left) });
}

function describeRunning({ status, receivedAt }, { now }) {
  const { attempt, worker_id: worker, progress, eta_seconds: eta } = status;
  const left = (eta ?? 0) - (now - receivedAt) / 1000;
  const words = [
    attempt > 1 ? t("result.second_attempt", { attempt }) : null,
    progress ? null : t("result.no_progress"),
    left < 1 ? null : t("result.ends_in", { duration: roughDuration(left) }),
  ];
  return {
    key: ["running", attempt].join(),
    headline: worker ? t("result.running_on", { worker }) : t("result.running"),
    words: words.filter(Boolean),
    icon: "clock",
    tone: "accent",
  };
}
