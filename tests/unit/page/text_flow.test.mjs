import assert from "node:assert/strict";
import { test } from "node:test";

import { flowingText, flowTo, isFlowing, NO_FLOW } from "../../../web_static/scripts/result/text_flow.js";
import { grow, nextTextAt } from "../../../web_static/scripts/request/request_state.js";

const poll = (flow, text, now, until) => flowTo(flow, text, { now, until });

test("words appear one after the other until the next poll is due", () => {
  const flow = poll(NO_FLOW, "one two three four five", 1000, 2000);

  assert.equal(flowingText(flow, 1000), "one", "something at once");
  assert.equal(flowingText(flow, 1250), "one two");
  assert.equal(flowingText(flow, 1500), "one two three");
  assert.equal(flowingText(flow, 2000), "one two three four five");
  assert.deepEqual([isFlowing(flow, 1999), isFlowing(flow, 2000)], [true, false]);
});

test("at no time is the text shorter than before, or cut within a word", () => {
  const flow = poll(NO_FLOW, "Some words, and  more-or-less\n\nlines of them.", 0, 700);
  let last = "";
  for (let now = 0; now <= 700; now += 7) {
    const shown = flowingText(flow, now);
    assert.ok(shown.startsWith(last) && flow.text.startsWith(shown), shown);
    assert.match(flow.text.slice(shown.length), /^(\s|$)/);
    last = shown;
  }
  assert.equal(last, flow.text);
});

test("what an earlier poll brought is shown when the next one brings more", () => {
  const early = poll(poll(NO_FLOW, "one two three", 0, 1000), "one two three four five", 100, 1100);

  assert.ok(flowingText(early, 100).startsWith("one two three"));
  assert.notEqual(flowingText(early, 100), early.text);
});

test("a poll without news changes nothing", () => {
  const flow = poll(NO_FLOW, "one two", 0, 1000);

  assert.equal(poll(flow, "one two", 400, 1400), flow);
});

test("without a next poll, all is shown at once", () => {
  const flow = poll(NO_FLOW, "one two three", 0, 1000);
  const ended = poll(flow, "one two three", 100, null);

  assert.equal(flowingText(ended, 100), "one two three");
  assert.equal(isFlowing(ended, 100), false);
  assert.equal(poll(ended, "one two three", 200, null), ended);
});

test("a late poll does not slow the words down, and another attempt's text is there at once", () => {
  const slow = poll(NO_FLOW, "one two three", 0, 20_000);
  assert.equal(flowingText(slow, 2000), "one two three");

  const again = poll(slow, "uno dos", 100, 1000);
  assert.equal(flowingText(again, 100), "uno dos");
});

test("text without spaces comes by characters, and none is cut in two", () => {
  const chinese = poll(NO_FLOW, "今天天气很好我们去公园", 0, 1100);
  assert.equal(flowingText(chinese, 500), "今天天气很");

  const rare = poll(NO_FLOW, "𠀀𠀁𠀂𠀃", 0, 800);
  for (let now = 0; now < 800; now += 50) assert.ok(flowingText(rare, now).isWellFormed(), String(now));
  const emoji = poll(NO_FLOW, "👩‍👩‍👧 yes", 0, 1000);
  assert.equal(flowingText(emoji, 100), "👩‍👩‍👧");
});

test("a very long word does not hold the text back", () => {
  const flow = poll(NO_FLOW, "x".repeat(1000), 0, 1000);

  assert.ok(flowingText(flow, 500).length <= 524);
});

test("only text that comes by polls has a time until which it flows", () => {
  const polled = grow({ text: "", after: null }, { partial: { text: "Hi", next_after: "1" } });
  const request = { phase: "open", status: { status: "IN_PROGRESS" }, dueAt: 900, cancel: null, stream: polled };

  assert.equal(nextTextAt(request), 900);
  assert.equal(nextTextAt({ ...request, stream: { text: "Hi", after: "1" } }), null, "a stream");
  assert.equal(nextTextAt({ ...request, cancel: { failure: null } }), null, "stopped");
  assert.equal(nextTextAt({ ...request, phase: "ended" }), null);
});
