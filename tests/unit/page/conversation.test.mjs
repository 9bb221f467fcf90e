import assert from "node:assert/strict";
import { test } from "node:test";

import { callBytes, callOf, contentOf, imagesOf, makeMeasure, nextBody, NO_OPTIONS, optionsOf, textOf } from "../../../web_static/scripts/chat/chat_call.js";
import {
  ask,
  askAgain,
  concerns,
  conversationOf,
  conversationOfRequest,
  cutFrom,
  followRequest,
  giveUp,
  newConversation,
  openAnswer,
  titleOf,
} from "../../../web_static/scripts/chat/conversation.js";
import { boundedList } from "../../../web_static/scripts/chat/stored_conversations.js";

const PICTURE = "data:image/png;base64,AAAA";
const empty = (options = {}) => newConversation({ id: "c1", at: 1, options: { ...NO_OPTIONS, ...options } });
const sending = (conversation) => ({ phase: "sending", key: "k", input: { call: callOf(conversation) } });
const open = (conversation, id) => ({ ...sending(conversation), phase: "open", id, status: { status: "IN_PROGRESS" } });
const ended = (id, result, stream) => ({ phase: "ended", id, stream, result: { request_id: id, ...result } });
const completed = (text) => ({ status: "COMPLETED", output: { text } });

function talk(...pairs) {
  return pairs.reduce((conversation, [question, answer], index) => {
    const asked = ask(conversation, question, index);
    const linked = followRequest(asked, open(asked, `r${index}`), null);
    return followRequest(linked, ended(`r${index}`, completed(answer)), null);
  }, empty());
}

const said = (conversation) => callOf(conversation).body.messages.map(({ role, content }) => `${role}: ${textOf(content)}`);

test("each question sends everything that was said before", () => {
  const conversation = ask(talk(["Hi", "Hello!"], ["And?", "So."]), "Go on", 9);

  assert.deepEqual(said(conversation), ["user: Hi", "assistant: Hello!", "user: And?", "assistant: So.", "user: Go on"]);
  assert.equal(openAnswer(conversation).request, null);
  assert.equal(titleOf(conversation), "Hi");
});

test("an answer belongs to the request that has its call, then to the one that has its id", () => {
  const asked = ask(empty(), "Hi", 1);

  const linked = followRequest(asked, open(asked, "r1"), null);

  assert.equal(openAnswer(linked).request, "r1");
  assert.equal(concerns(linked, { phase: "opening", id: "r1" }), true);
  assert.equal(concerns(linked, open(asked, "r2")), false);
  assert.equal(followRequest(linked, ended("r2", completed("Not mine")), null), linked);
  assert.equal(followRequest(linked, ended("r1", completed("Mine")), null).turns[1].content, "Mine");
});

test("text that is being written does not change the conversation", () => {
  const asked = ask(empty(), "Hi", 1);
  const linked = followRequest(asked, open(asked, "r1"), null);

  assert.equal(followRequest(linked, { ...open(asked, "r1"), stream: { text: "Once", after: "1" } }, null), linked);
});

test("a stopped answer keeps what was written, and the model is told", () => {
  const asked = ask(empty(), "Hi", 1);
  const linked = followRequest(asked, open(asked, "r1"), null);

  const stopped = followRequest(linked, ended("r1", { status: "CANCELLED" }, { text: "Once upon", after: "1" }), null);

  assert.equal(stopped.turns[1].state, "stopped");
  assert.deepEqual(said(ask(stopped, "Why?", 2)), ["user: Hi", "assistant: Once upon", "user: Why?"]);
});

test("a failed answer says why, and its question joins the next one", () => {
  const problem = { headline: "Failed", words: [], quote: "no memory" };
  const asked = ask(empty(), "Hi", 1);
  const linked = followRequest(asked, open(asked, "r1"), null);

  const failed = followRequest(linked, ended("r1", { status: "FAILED" }), problem);

  assert.deepEqual([failed.turns[1].state, failed.turns[1].problem], ["failed", problem]);
  assert.deepEqual(said(ask(failed, "Still there?", 2)), ["user: Hi\n\nStill there?"]);
  const again = askAgain(failed, 3);
  assert.deepEqual(said(again), ["user: Hi"]);
  assert.equal(openAnswer(again).request, null);
});

for (const phase of ["refused", "missing", "expired", "deleted"]) {
  test(`a request that is ${phase} fails its answer`, () => {
    const asked = ask(empty(), "Hi", 1);
    const request = phase === "refused" ? { ...sending(asked), phase } : { phase, id: "r1" };
    const linked = phase === "refused" ? asked : followRequest(asked, open(asked, "r1"), null);

    assert.equal(followRequest(linked, request, { headline: phase }).turns[1].problem.headline, phase);
  });
}

test("asking again and editing leave out what came after", () => {
  const conversation = talk(["Hi", "Hello!"], ["And?", "So."]);

  assert.deepEqual(said(askAgain(conversation, 9)), ["user: Hi", "assistant: Hello!", "user: And?"]);
  assert.deepEqual(said(ask(cutFrom(conversation, 0), "Hey", 9)), ["user: Hey"]);
  assert.equal(askAgain(empty(), 9), null);
});

test("an answer that nobody waits for is given up once", () => {
  const given = giveUp(ask(empty(), "Hi", 1), { headline: "Not sent" });

  assert.equal(given.turns[1].state, "failed");
  assert.equal(giveUp(given, { headline: "Other" }), given);
});

test("only options that were chosen are sent", () => {
  const { body } = callOf(ask(empty({ system: " Be brief. ", temperature: 0, others: { seed: 7 } }), "Hi", 1));

  assert.deepEqual(body, { messages: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hi" }], temperature: 0, seed: 7 });
});

test("images are parts of a message, and none elsewhere is shown", () => {
  const content = contentOf("Look", [PICTURE]);

  assert.deepEqual(content, [{ type: "text", text: "Look" }, { type: "image_url", image_url: { url: PICTURE } }]);
  assert.equal(textOf(content), "Look");
  assert.deepEqual(imagesOf(content), [PICTURE]);
  const far = [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }, { type: "input_audio" }, null];
  assert.deepEqual(imagesOf(far), []);
  assert.equal(textOf(far), "[https://example.com/a.png]\n[input_audio]\n[…]");
});

test("a call of another program is read with its options and unknown fields", () => {
  const tool = { role: "assistant", content: null, tool_calls: [{ id: "1", function: { name: "look", arguments: "{}" } }] };
  const result = { role: "tool", tool_call_id: "1", content: "blue" };
  const body = { model: "x", stream: true, temperature: 0.5, tools: [], messages: [{ role: "system", content: "S" }, { role: "user", content: "Hi" }, tool, result] };

  const conversation = conversationOfRequest({ phase: "ended", id: "r1" }, { call: { endpoint: "chat.completions", body } }, { id: "c", at: 1 });

  assert.equal(openAnswer(conversation).request, "r1");
  assert.deepEqual(conversation.options, { ...NO_OPTIONS, system: "S", temperature: 0.5, others: { tools: [] } });
  assert.deepEqual(callOf(conversation).body.messages, [{ role: "system", content: "S" }, { role: "user", content: "Hi" }, tool, result]);
});

test("a prompt becomes a conversation, and no input none", () => {
  assert.deepEqual(said(conversationOfRequest({ id: "r1" }, { prompt: "Hi" }, { id: "c", at: 1 })), ["user: Hi"]);
  assert.equal(conversationOfRequest({ id: "r1" }, { prompt: null }, { id: "c", at: 1 }), null);
});

test("hostile messages are read without harm", () => {
  for (const messages of [null, "text", [null, 3, { role: 4 }, {}], [{ role: "user", content: { odd: true } }]]) {
    const conversation = conversationOf(messages, { id: "c", at: 1, options: optionsOf({}) });

    assert.equal(typeof titleOf(conversation), "string");
  }
});

test("tools that the model calls, and what it thought, stay with its answer", () => {
  const calls = [{ id: "1", function: { name: "look", arguments: "{}" } }];
  const data = { choices: [{ message: { reasoning_content: "Hm.", tool_calls: calls } }] };
  const asked = ask(empty(), "Hi", 1);
  const linked = followRequest(asked, open(asked, "r1"), null);

  const [, answer] = followRequest(linked, ended("r1", { status: "COMPLETED", output: { text: null, data } }), null).turns;

  assert.equal(answer.reasoning, "Hm.");
  assert.deepEqual(answer.raw.tool_calls, calls);
});

test("the call is measured as the gateway measures it, within a little", () => {
  const measure = makeMeasure();
  const conversation = talk(["Hi", "Hello 你好"]);

  const measured = measure(conversation, "And 你?");

  const real = callBytes(callOf(ask(conversation, "And 你?", 1)));
  assert.ok(measured >= real && measured - real < 100, `${measured} ${real}`);
});

test("the oldest conversations make room, and one that is too large loses its images", () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ ...talk(["Hi", "Hello"]), id: `c${index}` }));
  const huge = ask(empty(), contentOf("Look", [`data:image/png;base64,${"A".repeat(2_000_000)}`]), 1);

  assert.equal(boundedList(many).length, 30);
  assert.equal(boundedList(many)[0].id, "c0");
  const [kept] = boundedList([huge, ...many]);
  assert.deepEqual(kept.turns[0].content, [{ type: "text", text: "Look" }]);
});

test("the call that would be made now has what is being written, or ends with the last question", () => {
  const conversation = talk(["Hi", "Hello!"]);
  const roles = (content) => nextBody(conversation, content).messages.map(({ role, content: text }) => `${role}: ${text}`);

  assert.deepEqual(roles("Why?"), ["user: Hi", "assistant: Hello!", "user: Why?"]);
  assert.deepEqual(roles(""), ["user: Hi"]);
  assert.deepEqual(nextBody(empty({ system: "Be brief." }), "").messages, [{ role: "system", content: "Be brief." }]);
});
