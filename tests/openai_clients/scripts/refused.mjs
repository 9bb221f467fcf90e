// What the official Node client throws: no such model, a wrong key, more than the model can read.
import process from "node:process";

import OpenAI from "openai";

const model = process.argv[2];
const messages = [{ role: "user", content: "hi" }];
const long = [{ role: "user", content: "much too long ".repeat(1_000) }];

async function thrown(fields, options = {}) {
  const whole = { model, messages, ...fields };
  return [await refusal(whole, options), await refusal({ ...whole, stream: true }, options)];
}

async function refusal(body, options) {
  try {
    await new OpenAI(options).chat.completions.create(body);
    return null;
  } catch (error) {
    return [error.constructor.name, error.status, error.message];
  }
}

console.log(
  JSON.stringify({
    unknown: await thrown({ model: "no-such-model" }),
    wrong_key: await thrown({}, { apiKey: "wsk_wrong" }),
    too_long: await thrown({ messages: long }),
  }),
);
