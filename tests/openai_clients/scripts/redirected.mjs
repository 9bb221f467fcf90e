// The official Node client follows the same chain.
import process from "node:process";

import OpenAI from "openai";

const messages = [{ role: "user", content: "hi" }];
const whole = await new OpenAI().chat.completions.create({ model: process.argv[2], messages });
console.log(JSON.stringify([whole.choices[0].message.content]));
