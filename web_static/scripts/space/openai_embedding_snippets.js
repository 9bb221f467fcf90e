/** The code snippets for clients of the OpenAI API where a space serves embeddings and no chat. Pure. */
import { stringifyExact } from "../lib/exact_json.js";
import { curlWith, keyOf, pythonValue, shellWord } from "./snippet_values.js";

/** Snippets by title; `write({openai, space}, {call, key})` gives the text, and `call` is the body without the model. */
export const EMBEDDING_SNIPPETS = [
  { title: "OpenAI: curl", write: curl },
  { title: "OpenAI: Python", write: python },
  { title: "OpenAI: Node", write: node },
];

const lines = (...parts) => parts.filter((part) => part !== null).join("\n");

/**
 * @param {Json} address
 * @param {Json} needs
 */
function curl({ openai, space }, { call, key = null }) {
  const auth = key === null ? "" : ` -H "Authorization: Bearer $SPACES_KEY"`;
  return lines(
    key ? `export SPACES_KEY=${shellWord(key)}` : null,
    curlWith(`curl -sSL --fail-with-body ${openai}/embeddings${auth} \\\n  -H 'Content-Type: application/json'`, stringifyExact({ model: space, ...call })),
  );
}

/**
 * @param {Json} address
 * @param {Json} needs
 */
function python({ openai, space }, { call, key = null }) {
  return lines(
    key === "" ? "import os" : null,
    "from openai import OpenAI  # pip install openai",
    "",
    `client = OpenAI(base_url="${openai}", api_key=${keyOf(key, 'os.environ["SPACES_KEY"]')})`,
    `answer = client.embeddings.create(model="${space}", input=${pythonValue(call.input)})`,
    "print(answer.data[0].embedding)",
  );
}

/**
 * @param {Json} address
 * @param {Json} needs
 */
function node({ openai, space }, { call, key = null }) {
  return lines(
    'import OpenAI from "openai"; // npm install openai',
    "",
    `const client = new OpenAI({ baseURL: "${openai}", apiKey: ${keyOf(key, "process.env.SPACES_KEY")} });`,
    `const answer = await client.embeddings.create({ model: "${space}", input: ${stringifyExact(call.input)} });`,
    "console.log(answer.data[0].embedding);",
  );
}
