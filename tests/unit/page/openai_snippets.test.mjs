import assert from "node:assert/strict";
import { test } from "node:test";

import { OPENAI_SNIPPETS } from "../../../web_static/scripts/space/openai_snippets.js";

const AT = { openai: "https://page.example/openai/v1", space: "chat" };

const written = (key) => OPENAI_SNIPPETS.map(({ write }) => write(AT, { key }));

test("each snippet has the address, the space and no key of a public space", () => {
  for (const text of written(null)) {
    assert.match(text, /https:\/\/page\.example\/openai\/v1/);
    assert.match(text, /"chat"|model {5}chat/);
    assert.doesNotMatch(text, /SPACES_KEY/);
  }
});

test("a space that is not public takes the key from the environment", () => {
  for (const text of written("")) assert.match(text, /SPACES_KEY/);
});

test("curl follows redirects, and says what other programs need", () => {
  const [curl] = written("");

  assert.match(curl, /curl -sSL /);
  for (const words of ["base URL", "API key", "model"]) assert.ok(curl.includes(words));
});

test("the prompt and the options of the form go along", () => {
  const texts = OPENAI_SNIPPETS.map(({ write }) => write(AT, { text: "Why?", params: { temperature: 0 }, key: null }));

  for (const text of texts) assert.match(text, /"Why\?"[^]*"temperature": ?0/);
});
