import assert from "node:assert/strict";
import { test } from "node:test";

import { newsOf } from "../../../web_static/scripts/chat/live_answer.js";
import { describeEnd } from "../../../web_static/scripts/describe/describe_end.js";
import { t } from "../../../web_static/scripts/lib/text.js";

const chat = (message) => ({ object: "chat.completion", choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", ...message } }] });
const ended = (output) => ({ status: "COMPLETED", output, attempt: 1 });

for (const [data, silent] of [
  [chat({ content: "" }), true],
  [chat({ content: null, refusal: null, tool_calls: [] }), true],
  [{ object: "chat.completion", choices: [] }, true],
  [{ object: "text_completion", choices: [{ text: "\n" }] }, true],
  [chat({ content: null, tool_calls: [{ id: "1", function: { name: "look", arguments: "{}" } }] }), false],
  [chat({ content: "", reasoning_content: "Hm." }), false],
  [chat({ content: null, refusal: "No." }), false],
  [{ object: "text_completion", choices: [{ text: "" }, { text: "Other" }] }, false],
  [{ object: "list", data: [] }, false],
  [{}, false],
  [{ object: "chat.completion", choices: "odd" }, true],
  [{ object: "chat.completion", choices: [null, 3] }, true],
]) {
  test(`a call that returns ${JSON.stringify(data)} ${silent ? "returns" : "does not return"} nothing`, () => {
    const { words } = describeEnd(ended({ text: "", data }), { space: null });

    assert.deepEqual(words, silent ? [t("result.nothing")] : []);
  });
}

test("screen readers hear that there is nothing in an answer", () => {
  const request = { phase: "ended", id: "r1", cancel: null, result: ended({ text: "", data: chat({ content: "" }) }) };

  const { words } = newsOf(request, { now: 0, space: null, spaceAt: 0, online: true });

  assert.equal(words, t("chat.answered", { text: t("result.nothing") }));
});
