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

  for (const text of texts) assert.match(text, /"Why\?"[^]*temperature"?[:=] ?0/);
});

test("a conversation goes along, a message a line, and its options as arguments", () => {
  const messages = [{ role: "user", content: "Hi" }, { role: "assistant", content: "Yes?" }, { role: "user", content: "Why?" }];
  const [curl, python, node] = OPENAI_SNIPPETS.map(({ write }) => write(AT, { call: { messages, top_p: 0.5, top_k: 4 } }));

  assert.ok(curl.includes(JSON.stringify(messages)), curl);
  assert.match(python, /messages = \[\n {4}\{"role": "user", "content": "Hi"\},\n[^]*Why\?"\},\n\]\n/);
  assert.match(python, /top_p=0\.5, extra_body=\{"top_k": 4\}, stream=True/);
  assert.match(node, /const messages = \[\n {2}\{"role":"user","content":"Hi"\},\n[^]*messages, "top_p":0\.5,"top_k":4,"stream":true/);
});

test("one recording is transcribed", () => {
  const files = [{ name: 'it\'s "a".wav', type: "audio/wav" }];
  const texts = OPENAI_SNIPPETS.map(({ write }) => write(AT, { text: "Names", files, params: { beam: 4 }, key: null }));

  for (const text of texts) assert.match(text, /transcriptions[^]*Names[^]*beam/);
  assert.match(texts[0], /-F 'file=@"it'\\''s \\"a\\"\.wav";type=audio\/wav'$/);
});

test("other files are parts of the message, a picture as a picture", () => {
  const files = [{ name: "cat.png", type: "image/png" }, { name: "a.txt", type: "text/plain" }];
  const texts = OPENAI_SNIPPETS.map(({ write }) => write(AT, { text: null, files, params: { beam: 4 }, key: null }));

  for (const text of texts) assert.match(text, /cat\.png/);
  for (const text of texts) assert.match(text, /"filename": ?"a\.txt"/);
  for (const text of texts) assert.doesNotMatch(text, /"type": ?"text"/);
  assert.match(texts[1], /\{"type": "image_url", "image_url": \{"url": data_url\("cat\.png", "image\/png"\)\}\},/);
});
