/** The code snippets for the caller client: its Python package, and its command `spaces`. Pure. */
import { stringifyExact } from "../lib/exact_json.js";
import { pythonMessages, pythonValue, shellWord } from "./snippet_values.js";

/**
 * Snippets by title; `write({page, space}, {text, files, params, call, key})` gives the text. `page` is the address
 * that the client is given; the needs are those of the REST API's snippets.
 */
export const CALLER_SNIPPETS = [
  { title: "Python client", write: python },
  { title: "Command", write: command },
];

/** @type {Json} */
const USUAL = { text: "Hello", files: [], params: {}, call: null, key: null };

const lines = (...parts) => parts.filter((part) => part !== null).join("\n");

/**
 * @param {Json} address
 * @param {Json} needs
 */
function python({ page, space }, needs) {
  const { key, call } = { ...USUAL, ...needs };
  return lines(
    key === "" ? "# The client reads SPACES_API_KEY: an API key (wsk_…) from the space's administrator." : null,
    "from spaces_client import Spaces  # pip install spaces-client",
    "",
    call ? `messages = ${pythonMessages(call.messages)}` : null,
    `with Spaces(${JSON.stringify(page)}${key ? `, key=${JSON.stringify(key)}` : ""}) as spaces:`,
    `    result = spaces.run(${[JSON.stringify(space), ...pythonArguments({ ...USUAL, ...needs })].join(", ")})`,
    "    print(result.text or result.data)",
    "    for file in result.files:",
    '        print(file.save("."))',
  );
}

/** @param {Json} needs */
function pythonArguments({ text, files, params, call }) {
  const fields = call ? fieldsOf(call) : params;
  const named = isEmpty(fields) ? [] : [`params=${pythonValue(fields)}`];
  if (call) return ["messages=messages", ...named];
  const words = text === null ? [] : [JSON.stringify(text)];
  const paths = files.length > 0 ? [`files=[${files.map(({ name }) => JSON.stringify(name)).join(", ")}]`] : [];
  return [...words, ...paths, ...named];
}

/**
 * @param {Json} address
 * @param {Json} needs
 */
function command({ page, space }, needs) {
  const { key, call } = { ...USUAL, ...needs };
  const words = call ? ["spaces chat", space, ...chatWords(call)] : ["spaces run", space, ...runWords({ ...USUAL, ...needs })];
  return lines(
    "# pip install spaces-client",
    key === "" ? "# SPACES_API_KEY is an API key (wsk_…) from the space's administrator." : null,
    key ? `export SPACES_API_KEY=${shellWord(key)}` : null,
    `export SPACES_API_URL=${shellWord(page)}`,
    words.join(" "),
  );
}

// The command asks for the messages itself, so only the system prompt and the options are passed on.
function chatWords(call) {
  const [{ role, content }] = call.messages;
  const system = role === "system" && typeof content === "string" ? [`--system ${shellWord(content)}`] : [];
  return [...system, ...optionWords(fieldsOf(call))];
}

/** @param {Json} needs */
function runWords({ text, files, params }) {
  const paths = files.map(({ name }) => `-f ${shellWord(name)}`);
  return [...paths, ...(files.length > 0 ? ["-o ."] : []), ...optionWords(params), ...(text === null ? [] : [promptOf(text)])];
}

const optionWords = (fields) => Object.entries(fields).map(([name, value]) => `--option ${shellWord(`${name}=${optionValue(value)}`)}`);

/** @param {Json} call */
const fieldsOf = ({ messages, ...fields }) => fields; // eslint-disable-line no-unused-vars -- the rest is wanted

// A prompt that begins with a hyphen would be taken for an option.
const promptOf = (text) => (text.startsWith("-") ? `-- ${shellWord(text)}` : shellWord(text));

// The command reads a value as JSON where it can, so a text that is JSON must be written as a JSON string.
function optionValue(value) {
  return typeof value === "string" && !isJson(value) ? value : stringifyExact(value);
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isEmpty = (object) => Object.keys(object).length === 0;
