import assert from "node:assert/strict";
import { test } from "node:test";

import { groupConversations } from "../../../web_static/scripts/history/group_conversations.js";

import { mergePages } from "../../../web_static/scripts/history/server_history.js";

const MERGES = [
  ["a b c", "x", "a b c d e", "y", "a b c d e", "y", "nothing is new, so what was below stays"],
  ["z a b", "x", "a b c d e", "y", "z a b c d e", "y", "one entry is new"],
  ["a c d", "x", "a b c d e", "y", "a c d e", "y", "one was deleted elsewhere"],
  ["x y z", "x", "a b c", "y", "x y z", "x", "so much is new that entries in between are missing"],
  ["a b", null, "a b c", "y", "a b", null, "there are no more"],
  ["", "x", "a b", "y", "a b", "y", "a page is empty and another follows"],
  ["a b", "x", "", null, "a b", "x", "nothing was known"],
];
const page = (names, cursor) => ({ entries: names.split(" ").filter(Boolean).map((id) => ({ id })), cursor });

for (const [first, next, known, cursor, shown, then, when] of MERGES) {
  test(`the newest page joins what is shown when ${when}`, () => {
    assert.deepEqual(mergePages(page(first, next), page(known, cursor)), page(shown, then));
  });
}

test("the messages of a conversation are one entry, named after the first", () => {
  const entries = ["c", "b", "x", "a"].map((id, index) => ({ id, prompt: `prompt ${id}`, at: 10 - index }));
  const conversations = [{ id: "talk", turns: [{ role: "user" }, { request: "a" }, { role: "user" }, { request: "b" }, { request: "c" }] }];

  assert.deepEqual(groupConversations(entries, conversations).map(({ id, prompt, ids }) => [id, prompt, ids]), [["c", "prompt a", ["c", "b", "a"]], ["x", "prompt x", ["x"]]]);
  assert.deepEqual(groupConversations(entries, []).map(({ id, ids }) => [id, ids]), entries.map(({ id }) => [id, [id]]));
});
