import assert from "node:assert/strict";
import { test } from "node:test";

import { Marked, Tokenizer } from "marked";
import { boundedWork, TooMuchWork } from "../../../web_static/scripts/result/bounded_work.js";

const LENGTH = 40_000; // the longest text that is shown as Markdown
const marked = new Marked(boundedWork(Tokenizer));
const repeated = (part) => part.repeat(LENGTH / part.length + 1).slice(0, LENGTH);

const PARAGRAPH =
  "The **quick** brown fox jumps over the _lazy_ dog, see [this](https://example.org/a_b), `code_here`, snake_case. ";
const WRITTEN = {
  "an answer": `${PARAGRAPH.repeat(4)}\n\n- item **one**\n- item two, 2 * 3\n\n\`\`\`py\nx = a * b ** c\n\`\`\`\n\n`,
  "one paragraph": PARAGRAPH,
  "a long list": "- item **one** of the `list`, _not_ two\n",
  "a log": "[2026-01-01] <info> http://a.example/c?d=e user_name=foo *bar* val_x me@example.org\n",
  "one word": "x",
  Chinese: "这是**很重要**的一句话。",
};
for (const [name, part] of Object.entries(WRITTEN)) {
  test(`${name} is parsed to its end`, () => assert.match(marked.parse(`${repeated(part)}\n\nThe end`), /The end/));
}

const HOSTILE = ["*a **b", "f(*a, _b, **c)\n", "_a__b", "__a_b", "a_", "a**", "**a*b"];
for (const part of HOSTILE) {
  test(`${part} without end is given up`, () => assert.throws(() => marked.parse(repeated(part)), TooMuchWork));
}

test("each text is counted by itself", () => {
  for (let text = 0; text < 200; text += 1) marked.parse("*never closed ".repeat(200));
});

// Without the bound, the hostile text takes hundreds of times as long.
test("giving up takes little more than a text that people write", () => {
  const time = (text) => {
    const begun = process.cpuUsage();
    try {
      marked.parse(text);
    } catch (error) {
      assert.ok(error instanceof TooMuchWork);
    }
    const { user, system } = process.cpuUsage(begun);
    return user + system;
  };
  const written = repeated(WRITTEN["an answer"]);
  time(written); // what follows is compiled

  assert.ok(time(repeated("*a **b")) < 60 * time(written));
});
