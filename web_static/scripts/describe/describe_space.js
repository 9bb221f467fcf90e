/** Describes the live state of a space. */
import { toLocal } from "../lib/server_clock.js";
import { dateTime, number, roughDuration } from "../lib/format.js";
import { hasText, t } from "../lib/text.js";

const TONES = { ready: "good", busy: "good", reconnecting: "warn", draining: "warn", paused: "warn", offline: "bad" };
const ICONS = { ready: "check", busy: "clock", reconnecting: "again", draining: "pause", paused: "pause", offline: "cross" };

/** Tone, icon and word for a space's state. */
export function stateBadge(space) {
  if (space.disabled) return { tone: "none", icon: "pause", word: t("state.disabled") };
  const { state } = space;
  const word = hasText(`state.${state}`) ? t(`state.${state}`) : state;
  return { tone: TONES[state] ?? "none", icon: ICONS[state] ?? "clock", word };
}

/** How many requests are waiting. */
export function queueWords(space) {
  if (space.queue_length === 0) return t("queue.empty");
  return t("queue.waiting", { count: number(space.queue_length) });
}

/** How long a request submitted now would wait; null if unknown. */
export function waitWords(space) {
  if (!space.connected || space.eta_seconds === null) return null;
  if (space.eta_seconds < 1) return t("queue.at_once");
  return t("queue.expected", { duration: roughDuration(space.eta_seconds) });
}

/** Why a space takes no requests: "disabled" or "paused"; null if it takes them. */
export function closedReason({ disabled, state, when_offline: whenOffline }) {
  if (disabled) return "disabled";
  return state === "paused" && whenOffline === "refuse" ? "paused" : null;
}

/** When a worker was last connected, for a space without one; otherwise null. */
export function lastSeenWords(space) {
  if (space.state !== "offline") return null;
  const seen = toLocal(space.last_seen);
  return seen === null ? t("state.never_seen") : t("state.seen", { time: dateTime(seen) });
}

/** The first worker's name and the number of the others. */
export function workerNames(space) {
  const [first, ...others] = space.workers;
  if (!first) return t("connection.some_worker");
  if (others.length === 0) return first.worker_id;
  return t("connection.workers", { first: first.worker_id, count: others.length });
}

/** Whether a space takes conversations on its page: whole calls, and no files, which only the form can send. */
export const takesChat = ({ features, endpoints = [], files }) => features.includes("call") && endpoints.includes("chat.completions") && !files;
