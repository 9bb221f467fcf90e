/** Values as code writes them: in Python, in JavaScript, and as words of a shell. Pure. */
import { isNumber, stringifyExact } from "../lib/exact_json.js";

/** A JSON value as Python writes it. */
export function pythonValue(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return JSON.stringify(value);
  if (isNumber(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  return `{${Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${pythonValue(each)}`).join(", ")}}`;
}

/** Messages as Python and as JavaScript write them: several take a line each. */
export const pythonMessages = (messages) => listOf(messages.map(pythonValue), 4);
export const javascriptMessages = (messages) => listOf(messages.map((each) => stringifyExact(each)), 2);

function listOf(written, indent) {
  if (written.length < 2) return `[${written.join("")}]`;
  return `[\n${written.map((each) => `${" ".repeat(indent)}${each},\n`).join("")}]`;
}

/** Quoted for a POSIX shell, unless nothing in it is special there. */
export const shellWord = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : shellQuoted(text));

/** Quoted for a POSIX shell. */
export const shellQuoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

const WORD_LENGTH = 30_000; // Linux takes 128 KB for a word, Windows 32 KB for a whole command

/** A command of curl that sends a body; one that is too long for a word goes through a pipe. */
export function curlWith(command, body) {
  if (body.length < WORD_LENGTH) return `${command} -d ${shellQuoted(body)}`;
  return `printf %s ${shellQuoted(body)} |\n${command} -d @-`;
}

/** A key as the clients of the OpenAI API take it: entered, from the environment (""), or any text where none is needed. */
export const keyOf = (key, fromEnvironment) => (key === "" ? fromEnvironment : JSON.stringify(key ?? "any"));
