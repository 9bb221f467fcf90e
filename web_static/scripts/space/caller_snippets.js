/** The code snippets for the caller client: its Python package, and its command `spaces`. Pure. */
import { stringifyExact } from "../lib/exact_json.js";
import { pythonValue, shellWord } from "./snippet_values.js";

/**
 * Snippets by title; `write({page, space}, {text, files, params, call, key})` gives the text. `page` is the address
 * that the client is given, `text` what to send (null: only files), `files` an example {name, type} or null, `params`
 * values by name, and `call` whether the space takes conversations instead of prompts. `key` is an API key, "" to take
 * it from the environment, or null where none is needed.
 */
export const CALLER_SNIPPETS = [
  { title: "Python client", write: python },
  { title: "Command", write: command },
];

const lines = (...parts) => parts.filter((part) => part !== null).join("\n");

function python({ page, space }, { text = "Hello", files, params = {}, call = false, key = null }) {
  const options = [
    JSON.stringify(space),
    text === null ? null : pythonText(text, call),
    files ? `files=[${JSON.stringify(files.name)}]` : null,
    isEmpty(params) ? null : `params=${pythonValue(params)}`,
  ];
  return lines(
    key === "" ? "# The client reads SPACES_API_KEY: an API key (wsk_…) from the space's administrator." : null,
    "from spaces_client import Spaces  # pip install spaces-client",
    "",
    `with Spaces(${JSON.stringify(page)}${key ? `, key=${JSON.stringify(key)}` : ""}) as spaces:`,
    `    result = spaces.run(${options.filter((part) => part !== null).join(", ")})`,
    "    print(result.text or result.data)",
    "    for file in result.files:",
    '        print(file.save("."))',
  );
}

function pythonText(text, call) {
  return call ? `messages=[${pythonValue({ role: "user", content: text })}]` : JSON.stringify(text);
}

function command({ page, space }, { text = "Hello", files, params = {}, call = false, key = null }) {
  const options = Object.entries(params).map(([name, value]) => `--option ${shellWord(`${name}=${optionValue(value)}`)}`);
  const words = call
    ? ["spaces chat", space, ...options]
    : ["spaces run", space, ...(files ? ["-f", shellWord(files.name), "-o ."] : []), ...options, promptOf(text)];
  return lines(
    "# pip install spaces-client",
    key === "" ? "# SPACES_API_KEY is an API key (wsk_…) from the space's administrator." : null,
    key ? `export SPACES_API_KEY=${shellWord(key)}` : null,
    `export SPACES_API_URL=${shellWord(page)}`,
    words.filter((word) => word !== null).join(" "),
  );
}

// A prompt that begins with a hyphen would be taken for an option.
function promptOf(text) {
  if (text === null) return null;
  return text.startsWith("-") ? `-- ${shellWord(text)}` : shellWord(text);
}

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
