/** Adds up what happened in several spaces. Pure. */
import { toLocal } from "../../lib/server_clock.js";

const HOUR_MS = 3_600_000;
const HOURS = 24;

/**
 * The sum over the spaces: {hours: [{accepted, failed}], accepted, ended, failed, slowest}. Their periods do not begin
 * at the same moment, so each counts for the hour that holds its middle. The 95th percentile of several spaces does
 * not follow from theirs; `slowest` is the space that has the highest, {space, seconds}, or null.
 * @param {Map<string, any>} activities by space
 * @param {number} now
 */
export function mergeActivity(activities, now) {
  const hours = Array.from({ length: HOURS }, () => ({ accepted: 0, failed: 0 }));
  const sum = { accepted: 0, ended: 0, failed: 0 };
  for (const activity of activities.values()) {
    const counts = countsOf(activity);
    for (const name of Object.keys(sum)) sum[name] += counts[name];
    for (const each of inHours(activity.buckets, now)) {
      hours[each.hour].accepted += each.accepted;
      hours[each.hour].failed += each.failed;
    }
  }
  return { hours, ...sum, slowest: slowestOf(activities) };
}

/** How many requests of a space were accepted, were ended by a worker or a time limit, and failed. */
export function countsOf({ buckets }) {
  const total = (name) => buckets.reduce((sum, bucket) => sum + bucket[name], 0);
  const failed = total("failed") + total("timed_out");
  return { accepted: total("accepted"), ended: total("completed") + failed, failed };
}

function inHours(buckets, now) {
  const starts = buckets.map(({ from }) => /** @type {number} */ (toLocal(from)));
  return buckets.map(({ accepted, failed, timed_out: timedOut }, index) => {
    const middle = (starts[index] + (starts[index + 1] ?? now)) / 2;
    const ago = Math.floor((now - middle) / HOUR_MS);
    return { hour: HOURS - 1 - Math.min(HOURS - 1, Math.max(0, ago)), accepted, failed: failed + timedOut };
  });
}

function slowestOf(activities) {
  const known = [...activities].filter(([, { queue_time: time }]) => time).map(([space, { queue_time: time }]) => ({ space, seconds: time.p95 }));
  return known.toSorted((one, other) => other.seconds - one.seconds)[0] ?? null;
}
