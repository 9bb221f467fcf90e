/** Describes a request that is waiting, running or being cancelled. Pure. */
import { toLocal } from "../lib/server_clock.js";
import { dateTime, number, roughDuration } from "../lib/format.js";
import { isCancellable, streamOf } from "../request/request_state.js";
import { hasText, t } from "../lib/text.js";

/** Describe a waiting request; `view` is {now, space}. */
export function describeWaiting({ status, receivedAt, holder }, { now, space }) {
  const position = positionWords(status);
  const workerless = status.queue_reason === "no_worker";
  const words = [
    requeuedWords(status, holder),
    workerless ? t("result.sentence", { words: position }) : null,
    reasonWords(status, space, now),
    startWords(status, receivedAt, now),
  ];
  return {
    key: ["waiting", status.queue_position ? "behind others" : "next", status.queue_reason, status.attempt].join(),
    headline: workerless ? t("result.for_worker") : position,
    words: words.filter(Boolean),
    icon: "clock",
    tone: workerless ? "warn" : "none",
  };
}

function positionWords({ queue_position: position }) {
  return position ? t("result.position", { count: number(position) }) : t("result.next");
}

function requeuedWords({ attempt }, holder) {
  if (!attempt) return null;
  return t("result.handed_back", { worker: holder?.worker ?? t("result.worker_that_had_it") });
}

function reasonWords({ queue_reason: reason, deadline }, space, now) {
  if (!hasText(`result.${reason}`)) return null;
  const expectedBack = reason === "no_worker" && space?.state === "reconnecting";
  const until = toLocal(deadline);
  return t(`result.${expectedBack ? "worker_reconnecting" : reason}`, { deadline: until === null ? "" : dateTime(until, now) });
}

function startWords({ eta_seconds: eta }, receivedAt, now) {
  if (eta === null || eta === undefined) return null;
  const left = eta - (now - receivedAt) / 1000;
  return left < 1 ? t("result.starts_soon") : t("result.starts_in", { duration: roughDuration(left) });
}

/** Describe a running request. */
export function describeRunning(request, { now }) {
  const { status, receivedAt, previousWorker } = request;
  const writing = streamOf(request).text !== "";
  const { attempt, worker_id: worker, progress, eta_seconds: eta } = status;
  const left = (eta ?? 0) - (now - receivedAt) / 1000;
  const pace = [
    progress ? null : t("result.no_progress"),
    left < 1 ? null : t("result.ends_in", { duration: roughDuration(left) }),
    eta > 0 && left < -1 ? t("result.longer") : null,
  ];
  const words = [attempt > 1 ? reassignedWords(status, previousWorker) : null, ...(writing ? [] : pace)];
  return {
    key: ["running", attempt, writing].join(),
    headline: worker ? t("result.running_on", { worker }) : t("result.running"),
    words: words.filter(Boolean),
    spoken: writing ? t("result.writing") : null,
    icon: "clock",
    tone: "accent",
  };
}

// A page opened late has not seen the previous worker.
function reassignedWords({ attempt, worker_id: worker }, previousWorker) {
  const values = { attempt: number(attempt), former: previousWorker, worker: worker ?? t("result.worker_next") };
  if (previousWorker === null) return t("result.handed_out_again", values);
  return t(previousWorker === worker ? "result.started_again" : "result.taken_over", values);
}

/** Describe a request whose cancellation is not confirmed yet. */
export function describeCancelling({ status }) {
  const words = t(status.status === "IN_PROGRESS" ? "result.cancelling_running" : "result.cancelling_waiting");
  return { key: "cancelling", tone: "none", icon: "clock", headline: t("result.cancelling"), words: [words] };
}

/** Why the last cancellation failed and what to do; null if there was none or it succeeded. */
export function describeFailedCancel(request, now) {
  const failure = isCancellable(request) ? request.cancel?.failure : null;
  if (!failure) return null;
  if (!failure.reached) return t("result.cancel_unanswered");
  const later = failure.retryAt !== null && failure.retryAt > now;
  return later ? t("result.cancel_refused_until", { time: dateTime(failure.retryAt, now) }) : t("result.cancel_refused");
}
