/** The code snippets for clients of the OpenAI API. Pure. */
import { stringifyExact } from "../lib/exact_json.js";
import { openaiFileSnippets } from "./openai_file_snippets.js";
import { curlWith, javascriptMessages, keyOf, pythonMessages, pythonValue, shellWord } from "./snippet_values.js";

/**
 * Snippets by title, as those of the REST API; `write({openai, space}, {text, files, params, call, key})` gives the
 * text. A space that takes prompts gets them as the only message.
 */
export const OPENAI_SNIPPETS = [
  { title: "OpenAI: curl", write: withFiles(curl, "curl") },
  { title: "OpenAI: Python", write: withFiles(python, "python") },
  { title: "OpenAI: Node", write: withFiles(node, "node") },
];

// What the clients have an argument for.
const KNOWN = new Set(["temperature", "top_p", "max_tokens", "seed", "stop", "n", "presence_penalty", "frequency_penalty", "response_format", "tools", "tool_choice"]);

const lines = (...parts) => parts.filter((part) => part !== null).join("\n");

/**
 * @param {(address: Json, needs: Json) => string} write
 * @param {"curl" | "python" | "node"} language
 */
function withFiles(write, language) {
  return (/** @type {Json} */ address, /** @type {Json} */ needs) => (needs.files?.length > 0 ? openaiFileSnippets[language](address, needs) : write(address, needs));
}

/** @param {Json} needs */
const bodyOf = ({ text = "", params = {}, call = null }) => call ?? { messages: [{ role: "user", content: text || "Hello" }], ...params };

/**
 * @param {Json} address
 * @param {Json} needs
 */
function curl({ openai, space }, { key = null, ...needs }) {
  const command = [
    `curl -sSL --fail-with-body ${openai}/chat/completions -H 'Content-Type: application/json'`,
    ...(key === null ? [] : [`  -H "Authorization: Bearer $SPACES_KEY"`]),
    " ",
  ];
  return lines(
    "# Editors, Open WebUI, LangChain and others need three things:",
    `#   base URL  ${openai}`,
    `#   API key   ${key === null ? "any text" : "wsk_…, from the space's administrator"}`,
    `#   model     ${space}`,
    "",
    key ? `export SPACES_KEY=${shellWord(key)}` : null,
    curlWith(command.join(" \\\n"), stringifyExact({ model: space, ...bodyOf(needs) })),
  );
}

/**
 * @param {Json} address
 * @param {Json} needs
 */
function python({ openai, space }, { key = null, ...needs }) {
  const { messages, ...fields } = bodyOf(needs);
  return lines(
    key === "" ? "import os" : null,
    "from openai import OpenAI  # pip install openai",
    "",
    `client = OpenAI(base_url="${openai}", api_key=${keyOf(key, 'os.environ["SPACES_KEY"]')})`,
    `messages = ${pythonMessages(messages)}`,
    `stream = client.chat.completions.create(model="${space}", messages=messages, ${pythonOptions(fields)}stream=True)`,
    "for chunk in stream:",
    '    print(chunk.choices[0].delta.content or "", end="", flush=True)',
  );
}

/**
 * @param {Json} address
 * @param {Json} needs
 */
function node({ openai, space }, { key = null, ...needs }) {
  const { messages, ...fields } = bodyOf(needs);
  const options = stringifyExact({ ...fields, stream: true }).slice(1, -1);
  return lines(
    'import OpenAI from "openai"; // npm install openai',
    "",
    `const client = new OpenAI({ baseURL: "${openai}", apiKey: ${keyOf(key, "process.env.SPACES_KEY")} });`,
    `const messages = ${javascriptMessages(messages)};`,
    `const stream = await client.chat.completions.create({ model: "${space}", messages, ${options} });`,
    'for await (const chunk of stream) process.stdout.write(chunk.choices[0].delta.content ?? "");',
  );
}

// What the client has no argument for goes along as an extra body.
function pythonOptions(fields) {
  const known = Object.keys(fields).filter((name) => KNOWN.has(name));
  const others = Object.fromEntries(Object.entries(fields).filter(([name]) => !KNOWN.has(name)));
  const written = known.map((name) => `${name}=${pythonValue(fields[name])}, `).join("");
  return Object.keys(others).length > 0 ? `${written}extra_body=${pythonValue(others)}, ` : written;
}
