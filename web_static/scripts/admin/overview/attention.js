/** Which spaces need an administrator, and why. Pure. */
import { toLocal } from "../../lib/server_clock.js";
import { countsOf } from "./merge_activity.js";

const DAY_MS = 86_400_000;
const HIGH_ERROR_RATE = 0.1;
const FEWEST_FAILURES = 3;

/**
 * What needs attention, the most urgent first: {kind, space, count?, rate?, since?, worker?}.
 * @param {any[]} spaces their settings
 * @param {Map<string, any>} live their live state
 * @param {Map<string, any> | null} activities what happened in 24 hours, as far as it is known
 * @param {number} now
 */
export function needsAttention(spaces, live, activities, now) {
  const found = spaces.flatMap((settings) => {
    const { space } = settings;
    const state = live.get(space);
    const reasons = settings.deleting || settings.disabled ? [closed(settings)] : open(state, now);
    return [...reasons, failing(activities?.get(space))].filter(Boolean).map((reason) => ({ space, ...reason }));
  });
  return found.sort((one, other) => URGENCY.indexOf(one.kind) - URGENCY.indexOf(other.kind));
}

const URGENCY = ["waiting", "failing", "lost", "reconnecting", "deleting", "paused", "disabled", "unlinked"];

const closed = ({ deleting }) => ({ kind: deleting ? "deleting" : "disabled" });

function open(state, now) {
  if (!state) return [];
  const { queue_length: count, state: name, last_seen: seen, workers } = state;
  if (name === "paused") return [{ kind: "paused", count }];
  if (name !== "offline") return workers.filter((each) => each.state === "reconnecting").map((each) => ({ kind: "reconnecting", worker: each.worker_id, since: each.since }));
  if (count > 0) return [{ kind: "waiting", count }];
  if (seen === null) return [{ kind: "unlinked" }];
  return now - /** @type {number} */ (toLocal(seen)) < DAY_MS ? [{ kind: "lost", since: seen }] : [];
}

function failing(activity) {
  if (!activity) return null;
  const { ended, failed } = countsOf(activity);
  return failed >= FEWEST_FAILURES && failed / ended >= HIGH_ERROR_RATE ? { kind: "failing", count: failed, rate: failed / ended } : null;
}
