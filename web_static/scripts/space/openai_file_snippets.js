/**
 * The code snippets for clients of the OpenAI API where files go along: one recording is transcribed, and anything
 * else is a part of the message. Pure.
 */
import { stringifyExact } from "../lib/exact_json.js";
import { pythonValue, shellQuoted, shellWord } from "./snippet_values.js";

/** `write({openai, space}, {text, files, params, key})` by language; there is at least one file. */
export const openaiFileSnippets = { curl, python, node };

const lines = (...parts) => parts.filter((part) => part !== null).join("\n");

const isRecording = (files) => files.length === 1 && files[0].type.startsWith("audio/");

const quoted = (text) => JSON.stringify(text);

/**
 * @param {Json} address
 * @param {Json} needs
 */
function curl({ openai, space }, { text = null, files, params = {}, key = null }) {
  const auth = key === null ? "" : ` -H "Authorization: Bearer $SPACES_KEY"`;
  const call = (path) => `curl -sSL --fail-with-body ${openai}${path}${auth} \\\n `;
  return lines(
    key ? `export SPACES_KEY=${shellWord(key)}` : null,
    isRecording(files) ? `${call("/audio/transcriptions")} ${formOf(space, text, files[0], params)}` : null,
    isRecording(files) ? null : pipedBody(`${call("/chat/completions")} -H 'Content-Type: application/json' -d @-`, space, text, files, params),
  );
}

function formOf(space, text, { name, type }, params) {
  const fields = Object.entries({ model: space, ...(text && { prompt: text }), ...params });
  const written = fields.map(([field, value]) => `--form-string ${shellWord(`${field}=${typeof value === "string" ? value : stringifyExact(value)}`)}`);
  const path = name.replace(/["\\]/g, "\\$&");
  return [...written, `-F ${shellQuoted(`file=@"${path}";type=${type}`)}`].join(" ");
}

// The content of a file may be longer than a word of a shell may be.
function pipedBody(command, space, text, files, params) {
  const options = stringifyExact(params).slice(1, -1);
  const words = text ? `${stringifyExact({ type: "text", text })},` : "";
  const pieces = files.flatMap((file, index) => [
    `  printf %s ${shellQuoted(`${index > 0 ? "," : ""}${stringifyExact(partOf(file, `data:${file.type};base64,`)).slice(0, -3)}`)}`,
    `  base64 < ${shellWord(file.name)} | tr -d '\\n'`,
    `  printf %s '"}}'`,
  ]);
  return lines(
    "{",
    `  printf %s ${shellQuoted(`{"model":${quoted(space)},"messages":[{"role":"user","content":[${words}`)}`,
    ...pieces,
    `  printf %s ${shellQuoted(`]}]${options && `,${options}`}}`)}`,
    "} |",
    command,
  );
}

const partOf = ({ name, type }, url) => (type.startsWith("image/") ? { type: "image_url", image_url: { url } } : { type: "file", file: { filename: name, file_data: url } });

/**
 * @param {Json} address
 * @param {Json} needs
 */
function python({ openai, space }, { text = null, files, params = {}, key = null }) {
  const more = Object.keys(params).length > 0 ? `, extra_body=${pythonValue(params)}` : "";
  return lines(
    isRecording(files) ? null : "import base64",
    key === "" ? "import os" : null,
    "from openai import OpenAI  # pip install openai",
    "",
    `client = OpenAI(base_url=${quoted(openai)}, api_key=${key === "" ? 'os.environ["SPACES_KEY"]' : quoted(key ?? "any")})`,
    isRecording(files) ? pythonRecording(space, text, files[0], more) : pythonMessage(space, text, files, more),
  );
}

function pythonRecording(space, text, { name, type }, more) {
  return lines(
    `file = (${quoted(name)}, open(${quoted(name)}, "rb"), ${quoted(type)})`,
    `answer = client.audio.transcriptions.create(model=${quoted(space)}, file=file${text ? `, prompt=${quoted(text)}` : ""}${more})`,
    "print(answer.text)",
  );
}

function pythonMessage(space, text, files, more) {
  const parts = files.map((file) => pythonValue(partOf(file, "")).replace(/""\}\}$/, `data_url(${quoted(file.name)}, ${quoted(file.type)})}}`));
  return lines(
    "",
    "def data_url(path, content_type):",
    '    content = base64.b64encode(open(path, "rb").read()).decode()',
    '    return f"data:{content_type};base64,{content}"',
    "",
    "content = [",
    ...[...(text ? [pythonValue({ type: "text", text })] : []), ...parts].map((part) => `    ${part},`),
    "]",
    'messages = [{"role": "user", "content": content}]',
    `stream = client.chat.completions.create(model=${quoted(space)}, messages=messages, stream=True${more})`,
    "for chunk in stream:",
    '    print(chunk.choices[0].delta.content or "", end="", flush=True)',
  );
}

/**
 * @param {Json} address
 * @param {Json} needs
 */
function node({ openai, space }, { text = null, files, params = {}, key = null }) {
  return lines(
    'import { readFile } from "node:fs/promises";',
    'import OpenAI from "openai"; // npm install openai',
    "",
    `const client = new OpenAI({ baseURL: ${quoted(openai)}, apiKey: ${key === "" ? "process.env.SPACES_KEY" : quoted(key ?? "any")} });`,
    isRecording(files) ? nodeRecording(space, text, files[0], params) : nodeMessage(space, text, files, params),
  );
}

function nodeRecording(space, text, { name, type }, params) {
  const options = stringifyExact({ model: space, ...(text && { prompt: text }), ...params }).slice(1, -1);
  return lines(
    `const file = new File([await readFile(${quoted(name)})], ${quoted(name)}, { type: ${quoted(type)} });`,
    `const answer = await client.audio.transcriptions.create({ ${options}, file });`,
    "console.log(answer.text);",
  );
}

function nodeMessage(space, text, files, params) {
  const parts = files.map((file) => stringifyExact(partOf(file, "")).replace(/""\}\}$/, `await dataUrl(${quoted(file.name)}, ${quoted(file.type)})}}`));
  const options = stringifyExact({ ...params, stream: true }).slice(1, -1);
  return lines(
    'const dataUrl = async (path, type) => "data:" + type + ";base64," + (await readFile(path)).toString("base64");',
    "const content = [",
    ...[...(text ? [stringifyExact({ type: "text", text })] : []), ...parts].map((part) => `  ${part},`),
    "];",
    `const stream = await client.chat.completions.create({ model: ${quoted(space)}, messages: [{ role: "user", content }], ${options} });`,
    'for await (const chunk of stream) process.stdout.write(chunk.choices[0].delta.content ?? "");',
  );
}
