import assert from "node:assert/strict";
import { test } from "node:test";

import { OPENAI_SNIPPETS } from "../../../web_static/scripts/space/openai_snippets.js";

const AT = { openai: "https://page.example/openai/v1", space: "chat" };

const written = (key) => OPENAI_SNIPPETS.map(({ write }) => write(AT, { key }));

test("each snippet has the address, the space and no key of a public space", () => {
  for (const text of written(false)) {
    assert.match(text, /https:\/\/page\.example\/openai\/v1/);
    assert.match(text, /"chat"|model {5}chat/);
    assert.doesNotMatch(text, /SPACES_KEY/);
  }
});

test("a space that is not public takes the key from the environment", () => {
  for (const text of written(true)) assert.match(text, /SPACES_KEY/);
});

test("curl follows redirects, and says what other programs need", () => {
  const [curl] = written(true);

  assert.match(curl, /curl -sL /);
  for (const words of ["base URL", "API key", "model"]) assert.ok(curl.includes(words));
});
