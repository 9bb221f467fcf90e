import assert from "node:assert/strict";
import { test } from "node:test";

import { IDLE, isCancellable, isCancelling, isEnd, isQuick, reduce, streamOf } from "../../../web_static/scripts/request/request_state.js";

const ID = "echo.1.A";
const times = { created_at: "2026-01-01T12:00:00Z", started_at: null, ended_at: null };
const status = (name, more = {}) => ({ request_id: ID, status: name, times, retry_after_ms: 1000, attempt: 0, ...more });
const answer = { request_id: ID, status: "IN_QUEUE", created_at: times.created_at, retry_after_ms: 1000 };
const result = { request_id: ID, status: "COMPLETED", output: { text: "Hi" } };
const error = { errorType: "queue_full" };
const failure = { reached: true, retryAt: 9 };

const EVENTS = [
  { type: "cleared" },
  { type: "opened", id: ID },
  { type: "sending", key: "k", input: { prompt: "Hello" } },
  { type: "sending_delayed", key: "k", trouble: failure },
  { type: "refused", key: "k", error, at: 5 },
  { type: "accepted", key: "k", answer, at: 5 },
  { type: "status", status: status("IN_PROGRESS", { worker_id: "gpu", attempt: 1 }), at: 6 },
  { type: "status", status: status("COMPLETED"), at: 7 },
  { type: "result", result },
  { type: "renewed", result },
  { type: "trouble", id: ID, trouble: failure },
  { type: "cancel_requested", id: ID },
  { type: "cancel_failed", id: ID, failure },
  { type: "missing", id: ID },
  { type: "expired", id: ID },
  { type: "deleted", id: ID },
  { type: "text", id: ID, stream: { text: "Hi", after: "1.1" } },
  { type: "unheard_of" },
];
const after = (...events) => events.reduce(reduce, IDLE);
const sending = EVENTS[2];
const accepted = EVENTS[5];

test("any three events in a row give a state with a phase", () => {
  for (const first of EVENTS) for (const second of EVENTS) for (const third of EVENTS) assert.ok(after(first, second, third).phase);
});

test("a request goes from sending to its end", () => {
  const [running, done, ended] = EVENTS.slice(6, 9);

  assert.equal(after(sending).phase, "sending");
  assert.equal(after(sending, accepted).phase, "open");
  assert.equal(after(sending, accepted, running).holder.worker, "gpu");
  assert.equal(after(sending, accepted, running, done, ended).phase, "ended");
  assert.deepEqual(after(sending, accepted, ended).input, { prompt: "Hello" });
});

test("an answer to another submit changes nothing", () => {
  assert.equal(after(sending, { ...accepted, key: "other" }).phase, "sending");
  assert.equal(after(sending, { type: "refused", key: "other", error, at: 5 }).phase, "sending");
});

test("an end never changes, except for a renewed result and a deletion", () => {
  const ended = after(sending, accepted, { type: "result", result });
  const changing = new Set(["cleared", "opened", "sending", "renewed", "deleted"]);

  for (const event of EVENTS.filter(({ type }) => !changing.has(type))) assert.equal(reduce(ended, event), ended, event.type);
  assert.equal(reduce(ended, { type: "deleted", id: ID }).phase, "deleted");
});

test("a status that was under way while the request ended is ignored", () => {
  const done = after(sending, accepted, EVENTS[7]);

  assert.equal(reduce(done, EVENTS[6]), done);
});

test("only a live request can be cancelled, and a failed cancel can be repeated", () => {
  const open = after(sending, accepted);
  const asked = reduce(open, { type: "cancel_requested", id: ID });
  const failed = reduce(asked, { type: "cancel_failed", id: ID, failure });

  assert.deepEqual([isCancellable(open), isCancelling(open)], [true, false]);
  assert.equal(isCancelling(asked), true);
  assert.deepEqual([isCancelling(failed), failed.cancel.failure], [false, failure]);
  assert.equal(isCancellable(after(sending, accepted, EVENTS[7])), false);
});

test("the page never polls without a pause", () => {
  assert.ok(after(sending, { ...accepted, answer: { ...answer, retry_after_ms: 0 } }).dueAt > 5);
});

test("a quick model is polled as soon as its gateway says", () => {
  const { at } = accepted;

  assert.equal(after(sending, { ...accepted, answer: { ...answer, retry_after_ms: 100 } }).dueAt, at + 100);
});

test("a request that another worker takes over remembers the previous one", () => {
  const second = { type: "status", status: status("IN_PROGRESS", { worker_id: "cpu", attempt: 2 }), at: 9 };

  assert.equal(after(sending, accepted, EVENTS[6], second).previousWorker, "gpu");
});

test("only ends are ends", () => {
  assert.deepEqual(["IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"].map(isEnd), [false, false, true, true, true, true]);
  assert.deepEqual(streamOf(IDLE), { text: "", after: null });
});

test("a request is quick that runs since it was submitted and whose first poll is due soon", () => {
  const running = { ...answer, status: "IN_PROGRESS", retry_after_ms: 100 };
  const submitted = (more) => after(sending, { ...accepted, answer: { ...running, ...more } });
  const started = status("IN_PROGRESS", { retry_after_ms: 100, times: { ...times, started_at: times.created_at } });

  assert.equal(isQuick(submitted({})), true);
  assert.equal(isQuick(submitted({ retry_after_ms: 500 })), false);
  assert.equal(isQuick(submitted({ status: "IN_QUEUE" })), false);
  assert.equal(isQuick(after(sending)), false);
  assert.equal(isQuick(IDLE), false);
  assert.equal(isQuick(reduce(submitted({}), { type: "status", status: started, at: 6 })), false);
});
