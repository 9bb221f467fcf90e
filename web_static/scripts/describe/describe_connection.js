/** What the connection line shows, from the known state of page, gateway, worker and request. Pure. */
import { isLive } from "../request/request_state.js";
import { queueWords, lastSeenWords, stateBadge, waitWords, workerNames } from "./describe_space.js";
import { hasText, t } from "../lib/text.js";

const FAR = { ready: "solid", busy: "solid", draining: "solid", paused: "solid", reconnecting: "dashed", offline: "broken" };
const MARKS = {
  IN_QUEUE: { at: "gateway", tone: "accent" },
  IN_PROGRESS: { at: "worker", tone: "accent" },
  COMPLETED: { at: "you", tone: "good" },
  FAILED: { at: "worker", tone: "bad" },
  TIMED_OUT: { at: "worker", tone: "bad" },
};

/**
 * Segments, marker and words. `reach` is "unknown", "ok", "failing" (no response) or "faulty" (an error response).
 */
export function describeConnection({ space, online, reach, request }) {
  return {
    near: nearSegment(online, reach),
    far: online && reach === "ok" && space && !space.disabled ? (FAR[space.state] ?? "unknown") : "unknown",
    mark: markOf(request),
    worker: space?.workers.length ? workerNames(space) : t("connection.worker"),
    words: connectionWords({ space, online, reach, request }),
    tone: toneOf({ space, online, reach }),
    place: placeOf(request),
  };
}

function nearSegment(online, reach) {
  if (!online) return "broken";
  return { ok: "solid", failing: "dashed", faulty: "dashed", unknown: "unknown" }[reach];
}

function markOf(request) {
  if (request.phase === "sending") return { at: "near", tone: "accent" };
  const { status, times, error_type: type } = (request.phase === "ended" ? request.result : request.status) ?? {};
  const mark = MARKS[status] ?? null;
  const neverLeft = mark?.at === "worker" && (type === "internal_error" || !times?.started_at);
  return neverLeft ? { ...mark, at: "gateway" } : mark;
}

function toneOf({ space, online, reach }) {
  if (!online) return "bad";
  if (reach !== "ok" || !space) return reach === "unknown" ? "none" : "warn";
  return stateBadge(space).tone;
}

// Where the request is, for those who do not see the line.
function placeOf(request) {
  const at = markOf(request)?.at;
  return at && hasText(`connection.at_${at}`) && isLive(request) ? t(`connection.at_${at}`) : "";
}

function connectionWords({ space, online, reach, request }) {
  const known = space ? spaceWords(space, request) : null;
  if (online && reach === "ok" && known) return known;
  if (online && reach === "unknown") return t("connection.asking");
  const trouble = t(troubleKey(online, reach));
  return known ? `${trouble} ${t("connection.last_known", { words: known })}` : trouble;
}

function troubleKey(online, reach) {
  if (!online) return "connection.page_offline";
  return reach === "faulty" ? "connection.faulty" : "connection.unreachable";
}

// The space's wait is for a request submitted now; next to an open request, it would be mistaken for that one's.
function spaceWords(space, request) {
  if (space.disabled) return t("connection.disabled");
  const wait = isLive(request) ? null : waitWords(space);
  const key = hasText(`connection.${space.state}`) ? `connection.${space.state}` : "connection.offline";
  const words = [t(key, { workers: workerNames(space) }), lastSeenWords(space), queueWords(space), wait];
  return words.filter(Boolean).join(" · ");
}
