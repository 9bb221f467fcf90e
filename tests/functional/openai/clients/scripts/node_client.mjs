// The official Node client: models, chat and completions, streamed and not.
import OpenAI from "openai";

const client = new OpenAI();
const messages = [{ role: "user", content: "hi" }];
const whole = await client.chat.completions.create({ model: "echo", messages });
const stream = await client.chat.completions.create({ model: "echo", messages, stream: true });
const pieces = [];
for await (const chunk of stream) pieces.push(chunk.choices[0].delta.content ?? "");
const helper = client.chat.completions.stream({ model: "echo", messages });
const final = await helper.finalChatCompletion();
const completion = await client.completions.create({ model: "echo", prompt: "hi" });
const models = [];
for await (const model of client.models.list()) models.push(model.id);

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
