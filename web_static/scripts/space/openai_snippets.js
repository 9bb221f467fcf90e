/** The code snippets for clients of the OpenAI API. Pure. */
import { stringifyExact } from "../lib/exact_json.js";
import { pythonValue, shellWord } from "./snippet_values.js";

/**
 * Snippets by title, as those of the REST API; `write({openai, space}, {text, params, key})` gives the text. A space
 * that takes prompts gets them as the last message.
 */
export const OPENAI_SNIPPETS = [
  { title: "OpenAI: curl", write: curl },
  { title: "OpenAI: Python", write: python },
  { title: "OpenAI: Node", write: node },
];

const lines = (...parts) => parts.join("\n");

const messagesOf = (text) => [{ role: "user", content: text || "Hello" }];

function curl({ openai, space }, { text = "", params = {}, key = null }) {
  const body = stringifyExact({ model: space, messages: messagesOf(text), ...params });
  return lines(
    "# Editors, Open WebUI, LangChain and others need three things:",
    `#   base URL  ${openai}`,
    `#   API key   ${key === null ? "any text" : "wsk_…, from the space's administrator"}`,
    `#   model     ${space}`,
    "",
    ...(key ? [`export SPACES_KEY=${shellWord(key)}`] : []),
    `curl -sSL --fail-with-body ${openai}/chat/completions -H 'Content-Type: application/json' \\`,
    ...(key === null ? [] : [`  -H "Authorization: Bearer $SPACES_KEY" \\`]),
    `  -d ${shellWord(body)}`,
  );
}

function python({ openai, space }, { text = "", params = {}, key = null }) {
  return lines(
    ...(key === "" ? ["import os"] : []),
    "from openai import OpenAI  # pip install openai",
    "",
    `client = OpenAI(base_url="${openai}", api_key=${keyOf(key, 'os.environ["SPACES_KEY"]')})`,
    `messages = ${pythonValue(messagesOf(text))}`,
    `stream = client.chat.completions.create(model="${space}", messages=messages, ${pythonOptions(params)}stream=True)`,
    "for chunk in stream:",
    '    print(chunk.choices[0].delta.content or "", end="", flush=True)',
  );
}

function node({ openai, space }, { text = "", params = {}, key = null }) {
  const body = stringifyExact({ model: space, messages: messagesOf(text), ...params, stream: true });
  return lines(
    'import OpenAI from "openai"; // npm install openai',
    "",
    `const client = new OpenAI({ baseURL: "${openai}", apiKey: ${keyOf(key, "process.env.SPACES_KEY")} });`,
    `const stream = await client.chat.completions.create(${body});`,
    'for await (const chunk of stream) process.stdout.write(chunk.choices[0].delta.content ?? "");',
  );
}

const keyOf = (key, fromEnvironment) => (key === "" ? fromEnvironment : JSON.stringify(key ?? "any"));

// What the OpenAI API does not know goes along as an extra body.
function pythonOptions(params) {
  return Object.keys(params).length > 0 ? `extra_body=${pythonValue(params)}, ` : "";
}
