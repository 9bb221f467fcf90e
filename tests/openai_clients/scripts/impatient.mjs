// The official Node client with a time-out, or with whatever the server does to it.
import process from "node:process";

import OpenAI from "openai";

const client = new OpenAI({ timeout: Number(process.argv[2]) * 1000, maxRetries: 3 });
const messages = [{ role: "user", content: "hi" }];
const whole = await client.chat.completions.create({ model: "echo", messages });
console.log(whole.choices[0].message.content);
