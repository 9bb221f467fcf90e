/** The call of a conversation: its body as the OpenAI API takes it, and back. Pure. */
import { stringifyExact } from "../lib/exact_json.js";
import { utf8Bytes } from "../lib/format.js";

export const ENDPOINT = "chat.completions";

/** Options of a new conversation; null leaves the choice to the model. `others` are fields that the page does not show. */
export const NO_OPTIONS = Object.freeze({ system: "", temperature: null, top_p: null, max_tokens: null, others: {} });

const SAMPLING = ["temperature", "top_p", "max_tokens"];

/** The call that asks for the answer of a conversation's last question. */
export function callOf({ options, turns }) {
  const chosen = SAMPLING.filter((name) => options[name] !== null && options[name] !== undefined);
  const sampling = Object.fromEntries(chosen.map((name) => [name, options[name]]));
  const system = options.system.trim() === "" ? [] : [{ role: "system", content: options.system.trim() }];
  return { endpoint: ENDPOINT, body: { messages: [...system, ...messagesOf(turns)], ...sampling, ...options.others } };
}

/**
 * The body of the call that would be made now: with what is being written, or else the one that asked last.
 * @param {Json} conversation
 * @param {string | Json[]} content what is being written
 */
export function nextBody({ options, turns }, content) {
  const asked = turns.slice(0, turns.findLastIndex(({ role }) => role !== "assistant") + 1);
  return callOf({ options, turns: content.length > 0 ? [...turns, { role: "user", content }] : asked }).body;
}

/** How much a call counts towards the space's limit. */
export const callBytes = (call) => utf8Bytes(stringifyExact({ call }));

const AROUND = 60; // bytes of JSON around a question

/** Make a function that measures the call of a conversation with one more question; of the rest, it is known from before. */
export function makeMeasure() {
  /** @type {{turns: Json[], options: Json | null, bytes: number}} */
  let known = { turns: [], options: null, bytes: 0 };

  return (conversation, content) => {
    const { turns, options } = conversation;
    const isKnown = turns.length === known.turns.length && turns.every((turn, index) => turn === known.turns[index]) && options === known.options;
    if (!isKnown) known = { turns, options, bytes: callBytes(callOf(conversation)) };
    return known.bytes + AROUND + callBytes(content);
  };
}

/** The options of a call, without its system message. */
export function optionsOf(body) {
  const { messages, model, stream, stream_options: streaming, ...fields } = body; // eslint-disable-line no-unused-vars -- the worker sets these
  const known = SAMPLING.filter((name) => typeof fields[name] === "number");
  const others = Object.fromEntries(Object.entries(fields).filter(([name]) => !known.includes(name)));
  return { ...NO_OPTIONS, ...Object.fromEntries(known.map((name) => [name, fields[name]])), others };
}

/** The turns of messages, and their system message if they begin with one. */
export function turnsOf(messages) {
  const all = (Array.isArray(messages) ? messages : []).map(Object).filter(({ role }) => typeof role === "string");
  const [first, ...rest] = all;
  const isSystem = first?.role === "system" && typeof first.content === "string";
  return { system: isSystem ? first.content : null, turns: (isSystem ? rest : all).map(turnOf) };
}

/** The content of a question: a text, with images as parts. */
export function contentOf(text, images) {
  if (images.length === 0) return text;
  const written = text === "" ? [] : [{ type: "text", text }];
  return [...written, ...images.map((url) => ({ type: "image_url", image_url: { url } }))];
}

/** What a person reads of a content; parts without a text are named. */
export function textOf(content) {
  if (!Array.isArray(content)) return typeof content === "string" ? content : "";
  return content.map(wordsOf).filter(Boolean).join("\n");
}

/** The images of a content that are in it; those elsewhere are not loaded. */
export const imagesOf = (content) => (Array.isArray(content) ? content.map(urlOf).filter((url) => url.startsWith("data:image/")) : []);

function wordsOf(part) {
  const { type, text } = Object(part);
  if (typeof text === "string") return text;
  if (type !== "image_url") return `[${type ?? "…"}]`;
  const url = urlOf(part);
  return url.startsWith("data:image/") ? "" : `[${url || type}]`;
}

const urlOf = (part) => String(Object(Object(part).image_url).url ?? "");

function turnOf(message) {
  const { role, content = "", ...more } = message;
  const known = { role, content: content ?? "", ...(Object.keys(more).length > 0 ? { raw: message } : {}) };
  return role === "assistant" ? { ...known, request: null, state: "done" } : known;
}

// A question without an answer joins the next one: many models take questions and answers only in turn.
function messagesOf(turns) {
  const messages = [];
  for (const { role, content, raw, state } of turns) {
    const last = messages.at(-1);
    if (state === "open" || (role === "assistant" && content === "" && !raw)) continue;
    if (role === "user" && last?.role === "user") messages[messages.length - 1] = { role, content: joined(last.content, content) };
    else messages.push(raw ?? { role, content });
  }
  return messages;
}

function joined(first, second) {
  if (typeof first === "string" && typeof second === "string") return `${first}\n\n${second}`;
  return [...partsOf(first), ...partsOf(second)];
}

const partsOf = (content) => (Array.isArray(content) ? content : [{ type: "text", text: content }]);
