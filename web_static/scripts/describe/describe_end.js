/** Describes how a request ended. Pure. */
import { duration, roughDuration } from "../lib/format.js";
import { secondsBetween } from "../lib/server_clock.js";
import { t } from "../lib/text.js";

const BY_STATUS = { COMPLETED: completed, FAILED: failed, TIMED_OUT: timedOut, CANCELLED: cancelled };
const ATTEMPTS_BEFORE_LOST = 3;
const WRAPPERS = new Set(["chat.completion", "text_completion"]);
// The worker client's own messages, used when the model gave none; any other message comes from the model.
const NEUTRAL = new Map([
  ["The worker could not answer this request.", "result.worker_error"],
  ["A file of this request could not be transferred.", "result.not_transferred"],
  ["The worker's answer could not be delivered.", "result.not_delivered"],
]);

/**
 * Describe a finished request from its status or result; `cancelled` is whether this page asked to cancel it,
 * `written` whether text had arrived.
 */
export function describeEnd(ended, { space, cancelled: askedToCancel = false, written = false }) {
  const described = BY_STATUS[ended.status](ended, space, written);
  const first = askedToCancel && ended.status !== "CANCELLED" ? [t("result.cancel_too_late")] : [];
  return { key: ended.status, ...described, words: [...first, ...described.words] };
}

function completed({ output, attempt }) {
  const silent = output && !output.text?.trim() && !output.files?.length && isNothing(output.data);
  const words = [attempt > 1 ? t("result.answered_after", { attempt }) : null, silent ? t("result.nothing") : null];
  return { tone: "good", icon: "check", headline: t("result.answered"), words: words.filter(Boolean) };
}

// The OpenAI API wraps even an empty answer.
function isNothing(data) {
  if (!isThere(data)) return true;
  const { object, choices } = Object(data);
  return WRAPPERS.has(object) && (Array.isArray(choices) ? choices.every(isEmptyChoice) : true);
}

function isEmptyChoice(choice) {
  const { text, message } = Object(choice);
  return ![text, ...Object.values({ ...message, role: null })].some(isThere);
}

function isThere(value) {
  if (typeof value === "string") return value.trim() !== "";
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined;
}

function failed(ended) {
  return isSystemFailure(ended) ? failedBySystem(ended) : failedByModel(ended);
}

const isSystemFailure = ({ error_type: type }) => type === "worker_lost" || type === "internal_error";

function failedByModel({ error, error_type: type }) {
  const neutral = type === "worker_error" ? NEUTRAL.get(error) : undefined;
  const key = neutral ?? (error ? null : "result.failed_silent");
  const words = key ? [t(key)] : [];
  return { tone: "bad", icon: "cross", headline: t("result.failed_model"), words, quote: neutral ? null : (error ?? null) };
}

function failedBySystem({ error_type: type, attempt, request_id: id }) {
  const count = attempt ?? ATTEMPTS_BEFORE_LOST;
  const reason = type === "worker_lost" ? t("result.worker_lost", { count }) : t("result.internal_error");
  const words = [reason, t("result.quote", { id })].filter(Boolean);
  return { tone: "bad", icon: "warning", headline: t("result.failed_system"), words };
}

function timedOut(ended, space) {
  return ended.error_type === "queue_timed_out" || !ended.times.started_at ? unstarted(ended, space) : overran(ended, space);
}

function unstarted({ times }, space) {
  const waited = space?.limits.queue_timeout_seconds ?? secondsBetween(times.created_at, times.ended_at);
  const headline = t("result.queue_timed_out", { duration: roughDuration(waited) });
  return { tone: "bad", icon: "clock", headline, words: [t("result.queue_timed_out_words")] };
}

function overran({ times }, space) {
  const ran = secondsBetween(times.started_at, times.ended_at);
  const limit = roughDuration(space?.limits.timeout_seconds ?? ran);
  const headline = t("result.timed_out", { duration: duration(ran) });
  return { tone: "bad", icon: "clock", headline, words: [t("result.timed_out_words", { limit })] };
}

function cancelled({ times }, _, written) {
  const unwritten = times.started_at ? "result.cancelled_running" : "result.cancelled_waiting";
  const words = t(written ? "result.cancelled_kept" : unwritten);
  return { tone: "none", icon: "cross", headline: t("result.cancelled"), words: [words] };
}
