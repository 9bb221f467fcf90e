// The official Node client: models, chat and completions, streamed and not.
import process from "node:process";

import OpenAI from "openai";

const model = process.argv[2];
const client = new OpenAI();
const messages = [{ role: "user", content: "hi" }];
const whole = await client.chat.completions.create({ model, messages });
const stream = await client.chat.completions.create({ model, messages, stream: true });
const pieces = [];
for await (const chunk of stream) pieces.push(chunk.choices[0].delta.content ?? "");
const helper = client.chat.completions.stream({ model, messages });
const final = await helper.finalChatCompletion();
const completion = await client.completions.create({ model, prompt: "hi" });
const models = [];
for await (const each of client.models.list()) models.push(each.id);

console.log(
  JSON.stringify({
    models,
    whole: whole.choices[0].message.content,
    usage: whole.usage.total_tokens,
    pieces,
    final: final.choices[0].message.content,
    role: final.choices[0].message.role,
    finish: final.choices[0].finish_reason,
    completion: completion.choices[0].text,
  }),
);
