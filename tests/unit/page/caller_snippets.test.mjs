import assert from "node:assert/strict";
import { test } from "node:test";

import { CALLER_SNIPPETS } from "../../../web_static/scripts/space/caller_snippets.js";
import { parseExact } from "../../../web_static/scripts/lib/exact_json.js";

const AT = { page: "https://page.example", space: "transcribe" };
const WAV = { name: "file.wav", type: "audio/wav" };

const written = (needs) => CALLER_SNIPPETS.map(({ write }) => write(AT, needs));

test("a public space needs the address and the prompt, and no key", () => {
  const [python, command] = written({ text: "Hello" });

  assert.match(python, /with Spaces\("https:\/\/page\.example"\) as spaces:/);
  assert.match(python, /spaces\.run\("transcribe", "Hello"\)/);
  assert.match(command, /export SPACES_API_URL=https:\/\/page\.example\nspaces run transcribe Hello$/);
  for (const text of [python, command]) assert.doesNotMatch(text, /SPACES_API_KEY/);
});

test("a space that is not public takes the key from the variable that the client reads", () => {
  for (const text of written({ key: "" })) assert.match(text, /SPACES_API_KEY/);
});

test("a key that was entered stands in both", () => {
  const [python, command] = written({ key: "wsk_1" });

  assert.match(python, /Spaces\("https:\/\/page\.example", key="wsk_1"\)/);
  assert.match(command, /export SPACES_API_KEY=wsk_1\n/);
});

test("files go along, and a prompt need not", () => {
  const [python, command] = written({ text: null, files: [WAV] });

  assert.match(python, /spaces\.run\("transcribe", files=\["file\.wav"\]\)/);
  assert.match(command, /spaces run transcribe -f file\.wav -o \.$/);
});

test("options are values of Python, and options of the command", () => {
  const params = { beam: 4, exact: true, seed: null, mode: "good", id: "4", stop: ["a", "b"] };
  const [python, command] = written({ params });

  assert.match(python, /params=\{"beam": 4, "exact": True, "seed": None, "mode": "good", "id": "4", "stop": \["a", "b"\]\}/);
  assert.match(command, /--option beam=4 --option exact=true --option seed=null --option mode=good/);
  assert.ok(command.includes(`--option 'id="4"' --option 'stop=["a","b"]'`), command);
});

test("numbers stay as they were written", () => {
  const [python, command] = written({ params: parseExact('{"seed": 9007199254740993}') });

  for (const text of [python, command]) assert.match(text, /9007199254740993/);
});

test("nothing in a text ends its quotes", () => {
  const [python, command] = written({ text: 'it\'s "$HOME" \\ `id`\n' });

  assert.ok(python.includes(String.raw`"it's \"$HOME\" \\ ${"`id`"}\n"`), python);
  assert.ok(command.endsWith(`'it'\\''s "$HOME" \\ \`id\`\n'`), command);
});

test("a prompt with a hyphen is no option of the command", () => {
  assert.match(written({ text: "-h" })[1], / -- -h$/);
});

test("several files go along", () => {
  const [python, command] = written({ text: "Both?", files: [WAV, { name: "b c.wav", type: "audio/wav" }] });

  assert.match(python, /files=\["file\.wav", "b c\.wav"\]\)/);
  assert.match(command, /-f file\.wav -f 'b c\.wav' -o \. 'Both\?'$/);
});

test("a conversation goes along, or its command asks for the messages", () => {
  const messages = [{ role: "system", content: "Be brief." }, { role: "user", content: "Hello" }];
  const [python, command] = written({ call: { messages, temperature: 0 } });

  assert.match(python, /messages = \[\n {4}\{"role": "system", [^]*messages=messages, params=\{"temperature": 0\}/);
  assert.match(command, /spaces chat transcribe --system 'Be brief\.' --option temperature=0$/);
});
