import assert from "node:assert/strict";
import { test } from "node:test";

import { needsAttention } from "../../../web_static/scripts/admin/overview/attention.js";
import { mergeActivity } from "../../../web_static/scripts/admin/overview/merge_activity.js";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const hoursAgo = (hours) => new Date(NOW - hours * 3_600_000).toISOString();
const bucket = (ago, more = {}) => ({ from: hoursAgo(ago), accepted: 0, completed: 0, failed: 0, cancelled: 0, timed_out: 0, ...more });
const activity = (last, p95 = null) => ({ buckets: Array.from({ length: 24 }, (_, index) => bucket(24 - index, index === 23 ? last : {})), queue_time: p95 && { p50: 0, p95 } });

test("several spaces are added up, and the slowest is named", () => {
  const sums = mergeActivity(new Map([["a", activity({ accepted: 5, completed: 3, failed: 1, cancelled: 1 }, 2)], ["b", activity({ accepted: 2, completed: 1, timed_out: 1 }, 9)], ["c", activity({})]]), NOW);

  assert.deepEqual([sums.accepted, sums.ended, sums.failed], [7, 6, 2]);
  assert.deepEqual(sums.hours.at(-1), { accepted: 7, failed: 2 });
  assert.deepEqual(sums.slowest, { space: "b", seconds: 9 });
});

test("an activity that was cut short counts for the hours that it covers", () => {
  const buckets = Array.from({ length: 24 }, (_, index) => bucket((24 - index) / 24, { accepted: 1 }));
  const { hours } = mergeActivity(new Map([["busy", { buckets, queue_time: null }]]), NOW);

  assert.equal(hours.at(-1).accepted, 24);
  assert.equal(hours.at(-2).accepted, 0);
});

test("an hour never lies before the first or after the last", () => {
  const { hours } = mergeActivity(new Map([["a", { buckets: [bucket(40, { accepted: 1 }), bucket(30), bucket(-2, { accepted: 2 }), bucket(-4)], queue_time: null }]]), NOW);

  assert.deepEqual([hours.length, hours[0].accepted, hours.at(-1).accepted], [24, 1, 2]);
});

const settings = (space, more = {}) => ({ space, disabled: false, deleting: false, ...more });
const live = (state, more = {}) => ({ state, queue_length: 0, last_seen: hoursAgo(0), workers: [], ...more });
const kinds = (spaces, states, activities = null) => needsAttention(spaces, new Map(Object.entries(states)), activities, NOW).map(({ kind, space }) => `${kind} ${space}`);

test("what runs needs no attention", () => {
  assert.deepEqual(kinds([settings("a"), settings("b")], { a: live("ready"), b: live("busy", { queue_length: 9 }) }), []);
});

test("requests that wait for nobody come first", () => {
  const spaces = ["off", "new", "lost", "old", "held", "waits"].map((name) => settings(name, { disabled: name === "off" }));
  const states = {
    new: live("offline", { last_seen: null }),
    lost: live("offline", { last_seen: hoursAgo(3) }),
    old: live("offline", { last_seen: hoursAgo(30) }),
    held: live("paused"),
    waits: live("offline", { queue_length: 2 }),
  };

  assert.deepEqual(kinds(spaces, states), ["waiting waits", "lost lost", "paused held", "disabled off", "unlinked new"]);
});

test("a worker that is away for a moment is named, once for each", () => {
  const away = live("reconnecting", { workers: [{ worker_id: "w1", state: "reconnecting", since: hoursAgo(0) }, { worker_id: "w2", state: "ready", since: hoursAgo(1) }] });
  const [found, ...others] = needsAttention([settings("a")], new Map([["a", away]]), null, NOW);

  assert.deepEqual([found.kind, found.worker, others.length], ["reconnecting", "w1", 0]);
});

for (const [completed, failed, expected] of [[10, 2, []], [100, 3, []], [9, 3, ["failing a"]]]) {
  test(`${failed} failures beside ${completed} answers`, () => {
    assert.deepEqual(kinds([settings("a")], { a: live("ready") }, new Map([["a", activity({ completed, failed })]])), expected);
  });
}

test("a space that is being deleted says only that", () => {
  assert.deepEqual(kinds([settings("a", { deleting: true, disabled: true })], {}), ["deleting a"]);
});
