import assert from "node:assert/strict";
import { test } from "node:test";

import { MCP_SNIPPETS } from "../../../web_static/scripts/space/mcp_snippets.js";
import { needsOf } from "../../../web_static/scripts/space/snippet_needs.js";
import { SNIPPETS } from "../../../web_static/scripts/space/snippet_texts.js";

const AT = { api: "https://api.example/v1", space: "echo" };
const OPEN = { features: ["prompt"], visibility: "public" };
const SOUNDS = { features: ["audio"], visibility: "private", files: { accept: ["audio/*"] } };

const written = (needs) => SNIPPETS.map(({ write }) => write(AT, needs));

test("each submits and waits, and fails where a call fails", () => {
  const [curl, python, javascript] = written(needsOf(OPEN, null, ""));

  for (const text of [curl, python, javascript]) assert.match(text, /wait=300/);
  assert.match(curl, /--fail-with-body/);
  assert.match(python, /is_error/);
  assert.match(javascript, /response\.ok/);
});

test("the prompt and the options of the form go along", () => {
  const texts = written(needsOf(OPEN, { prompt: "it's", files: [], params: { steps: 4 } }, ""));

  assert.ok(texts[0].includes(`'{"input":{"prompt":"it'\\''s","params":{"steps":4}}}'`), texts[0]);
  assert.match(texts[1], /\{"prompt": "it's", "params": \{"steps": 4\}\}/);
  assert.match(texts[2], /\{"prompt":"it's","params":\{"steps":4\}\}/);
});

test("a space of files gets an example, or the names of the files that were chosen", () => {
  assert.deepEqual(needsOf(SOUNDS, null, "").files, [{ name: "file.wav", type: "audio/wav" }]);
  const files = [{ name: "it's.mp3", content_type: "audio/mpeg" }, { name: "b.wav", content_type: "audio/wav" }];
  const [curl, python, javascript] = written(needsOf(SOUNDS, { prompt: "", params: {}, files }, ""));

  assert.ok(curl.includes(`file1=$(upload 'it'\\''s.mp3' audio/mpeg)\nfile2=$(upload b.wav audio/wav)`), curl);
  assert.ok(curl.includes(`'{"input":{"files":['"$file1,$file2"']}}'`), curl);
  assert.ok(python.includes(`files = [upload("it's.mp3", "audio/mpeg"), upload("b.wav", "audio/wav")]`), python);
  assert.ok(javascript.includes(`const files = [await upload("it's.mp3", "audio/mpeg"), await upload("b.wav", "audio/wav")];`), javascript);
});

test("a conversation goes along as a whole call", () => {
  const call = { messages: [{ role: "user", content: "Hi" }], temperature: 0 };
  const needs = needsOf({ ...OPEN, features: ["prompt", "call"] }, { prompt: "draft", files: [], params: {}, call }, "");

  assert.deepEqual(needs.call, call);
  for (const text of written(needs)) assert.match(text, /"call": ?\{"endpoint": ?"chat.completions", ?"body": ?\{"messages": ?\[\{"role": ?"user", ?"content": ?"Hi"\}\], ?"temperature": ?0\}\}/);
});

test("a space of embeddings is asked for one", () => {
  const needs = needsOf({ features: ["call"], endpoints: ["embeddings"] }, { prompt: "it's", files: [], params: {} }, "");

  for (const text of written(needs)) assert.match(text, /"endpoint": ?"embeddings", ?"body": ?\{"input": ?"it/);
  assert.deepEqual(needsOf({ features: ["call"], endpoints: ["chat.completions", "embeddings"] }, null, "").endpoint, "chat.completions");
});

test("a conversation in which nothing was asked yet says hello", () => {
  const system = { role: "system", content: "Be brief." };
  const of = (draft) => needsOf({ ...OPEN, features: ["call"] }, draft, "").call.messages;

  assert.deepEqual(of(null), [{ role: "user", content: "Hello" }]);
  assert.deepEqual(of({ prompt: "", call: { messages: [system] } }), [system, { role: "user", content: "Hello" }]);
});

test("a body that is too long for a word of a shell goes through a pipe", () => {
  const [curl] = written(needsOf(OPEN, { prompt: "x".repeat(40_000), files: [], params: {} }, ""));

  assert.match(curl, /^printf %s '\{"input":.*' \|\ncurl [^|]* -d @-$/s);
});

test("a key that was entered stands in the code; without one, the environment has it", () => {
  for (const text of written(needsOf(SOUNDS, null, "wsk_1"))) assert.match(text, /wsk_1/);
  for (const text of written(needsOf(SOUNDS, null, ""))) assert.match(text, /SPACES_KEY/);
  for (const text of written(needsOf(OPEN, null, ""))) assert.doesNotMatch(text, /SPACES_KEY|wsk_/);
});

test("clients of MCP get the address, and a key where one is needed", () => {
  const [{ write }] = MCP_SNIPPETS;
  const read = (key) => JSON.parse(write({ mcp: "https://page.example/mcp" }, { key })).mcpServers.spaces;

  assert.deepEqual(read(null), { url: "https://page.example/mcp" });
  assert.equal(read("wsk_1").headers.Authorization, "Bearer wsk_1");
  assert.equal(read("").headers.Authorization, "Bearer wsk_…");
});
