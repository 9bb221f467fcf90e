import assert from "node:assert/strict";
import { test } from "node:test";

import { IDLE, reduce } from "../../../web_static/scripts/request/request_state.js";
import { readEvents } from "../../../web_static/scripts/request/stream_events.js";
import { isWorthStreaming, NEW_USE, useAfter } from "../../../web_static/scripts/request/stream_use.js";

const ID = "echo.1.A";
const NOTHING = { text: "", after: null };
const SOME = { text: "Once ", after: "1.1" };
const HOUR = 3_600_000;
const status = (name) => ({ request_id: ID, status: name, retry_after_ms: 500, attempt: 1 });
const event = (name, data, id) => ({ event: name, data, id });
const request = (name, stream) => [
  { type: "opened", id: ID },
  { type: "status", status: status(name), at: 1, stream },
].reduce(reduce, IDLE);
const running = request("IN_PROGRESS", NOTHING);
const writing = request("IN_PROGRESS", SOME);
const after = (endings, of = running) => endings.reduce((use, ending) => useAfter(use, ending, of, 0), NEW_USE);

test("text and deltas are appended, and a restart replaces them", () => {
  const read = readEvents(SOME, [event("text", { text: "upon " }, "1.2"), event("delta", { text: "a", deltas: [{}] }, "1.3")]);

  assert.deepEqual(read, { stream: { text: "Once upon a", after: "1.3" }, status: null, pieces: 2, ended: false });
  assert.deepEqual(readEvents(SOME, [event("restart", { text: "" }, "2.0")]).stream, { text: "", after: "2.0" });
});

test("the last status counts, and a request that waits again has no text", () => {
  const read = readEvents(SOME, [event("status", status("IN_PROGRESS")), event("status", status("IN_QUEUE"))]);

  assert.equal(read.status.status, "IN_QUEUE");
  assert.deepEqual(read.stream, NOTHING);
});

test("the end is noticed, and events that nobody knows change nothing", () => {
  const unknown = [event("toString", {}), event(undefined, {}), event("news", {}, "9.9")];

  assert.deepEqual(readEvents(SOME, unknown), { stream: SOME, status: null, pieces: 0, ended: false });
  assert.equal(readEvents(SOME, [...unknown, event("done", {}, "1.99999")]).ended, true);
  assert.deepEqual(readEvents(SOME, [event("done", {}, "1.99999")]).stream, SOME);
});

test("only a running request is streamed, and only if text is known to come", () => {
  assert.equal(isWorthStreaming(NEW_USE, running, true, 0), true);
  assert.equal(isWorthStreaming(NEW_USE, running, false, 0), false);
  assert.equal(isWorthStreaming(NEW_USE, writing, false, 0), true);
  assert.equal(isWorthStreaming(NEW_USE, request("IN_QUEUE", NOTHING), true, 0), false);
  assert.equal(isWorthStreaming(NEW_USE, request("COMPLETED", SOME), true, 0), false);
  assert.equal(isWorthStreaming(NEW_USE, IDLE, true, 0), false);
  assert.equal(isWorthStreaming(NEW_USE, { ...writing, trouble: { reached: false, retryAt: 9 } }, true, 0), false);
});

test("after a pause, a request is polled until there is new text", () => {
  const use = after(["pause"]);

  assert.equal(isWorthStreaming(use, running, true, HOUR), false);
  assert.equal(isWorthStreaming(use, writing, true, 0), true);
  assert.equal(isWorthStreaming(use, { ...running, id: "echo.2.A" }, true, 0), true);
});

for (const endings of [["refused"], ["late", "late", "late"], ["cut", "cut", "cut"], ["pause", "cut", "pause"]]) {
  test(`streams that do not work are left alone, longer each time, for five minutes at most: ${endings}`, () => {
    const rests = [1, 2, 3, 4, 5].map((times) => after(Array(times).fill(endings).flat()).restUntil);

    assert.deepEqual(rests, [10_000, 40_000, 160_000, 300_000, 300_000]);
    const use = after(endings);
    assert.equal(isWorthStreaming(use, writing, true, 9_999), false);
    assert.equal(isWorthStreaming(use, writing, true, 10_000), true);
    assert.equal(after([...endings, "done", ...endings]).restUntil, 10_000);
  });
}

for (const endings of [["left", "left", "left", "left"], ["waiting", "waiting", "waiting"], ["cut", "late", "done", "late", "cut"]]) {
  test(`streams that work are used again: ${endings}`, () => {
    assert.equal(isWorthStreaming(after(endings), writing, true, 0), true);
  });
}

test("text belongs to the open request only", () => {
  const text = { type: "text", id: ID, stream: SOME };
  const done = request("COMPLETED", NOTHING);

  assert.deepEqual(reduce(running, text), { ...running, stream: SOME });
  assert.equal(reduce(running, { ...text, id: "echo.2.A" }), running);
  assert.equal(reduce(done, text), done);
  assert.equal(reduce(IDLE, text), IDLE);
});
