/** The code snippets for clients of the OpenAI API. Pure. */

/** Snippets by title, as those of the REST API; `write({openai, space}, {key})` gives the text. */
export const OPENAI_SNIPPETS = [
  { title: "OpenAI: curl", write: curl },
  { title: "OpenAI: Python", write: python },
  { title: "OpenAI: Node", write: node },
];

const lines = (...parts) => parts.join("\n");

function curl({ openai, space }, { key }) {
  return lines(
    "# Editors, Open WebUI, LangChain and others need three things:",
    `#   base URL  ${openai}`,
    `#   API key   ${key ? "wsk_…, from the space's administrator" : "any text"}`,
    `#   model     ${space}`,
    "",
    `curl -sL ${openai}/chat/completions -H 'Content-Type: application/json' \\`,
    ...(key ? [`  -H "Authorization: Bearer $SPACES_KEY" \\`] : []),
    `  -d '{"model": "${space}", "messages": [{"role": "user", "content": "Hello"}]}'`,
  );
}

function python({ openai, space }, { key }) {
  return lines(
    ...(key ? ["import os"] : []),
    "from openai import OpenAI  # pip install openai",
    "",
    `client = OpenAI(base_url="${openai}", api_key=${key ? 'os.environ["SPACES_KEY"]' : '"any"'})`,
    'messages = [{"role": "user", "content": "Hello"}]',
    `stream = client.chat.completions.create(model="${space}", messages=messages, stream=True)`,
    "for chunk in stream:",
    '    print(chunk.choices[0].delta.content or "", end="", flush=True)',
  );
}

function node({ openai, space }, { key }) {
  return lines(
    'import OpenAI from "openai"; // npm install openai',
    "",
    `const client = new OpenAI({ baseURL: "${openai}", apiKey: ${key ? "process.env.SPACES_KEY" : '"any"'} });`,
    'const messages = [{ role: "user", content: "Hello" }];',
    `const stream = await client.chat.completions.create({ model: "${space}", messages, stream: true });`,
    'for await (const chunk of stream) process.stdout.write(chunk.choices[0].delta.content ?? "");',
  );
}
