/** A cancel under way, and one that did not work, in words. Pure. */
import { moment } from "../lib/format.js";
import { isCancellable } from "../request/request_state.js";
import { t } from "../lib/text.js";

/** Describe a request whose cancel has not been answered. */
export function describeCancelling({ status }) {
  const words = t(status.status === "IN_PROGRESS" ? "result.cancelling_running" : "result.cancelling_waiting");
  return { key: "cancelling", tone: "none", icon: "clock", headline: t("result.cancelling"), words: [words] };
}

/** Why the last cancel did not work and what now; null if it did or nobody asked. */
export function describeFailedCancel(request, now) {
  const failure = isCancellable(request) ? request.cancel?.failure : null;
  if (!failure) return null;
  if (!failure.reached) return t("result.cancel_unanswered");
  const later = failure.retryAt !== null && failure.retryAt > now;
  return later ? t("result.cancel_refused_until", { time: moment(failure.retryAt, now) }) : t("result.cancel_refused");
}
