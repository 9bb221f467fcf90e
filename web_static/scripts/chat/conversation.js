/**
 * A conversation as one value, and how it changes. Pure and total: what does not fit changes nothing.
 *
 * {id, at, options, turns}: `options` are those of `chat_call`; a turn is a message of the OpenAI API with what the
 * page knows about it: {role, content, raw}, where `raw` is the whole message if it has more than these two.
 *
 * An answer of the model has also `request` (its id, once it is known) and `state`: "open" · "done" · "stopped" ·
 * "failed". `problem` is {headline, words, quote} of an answer that failed, `reasoning` what the model thought.
 */
import { isSameJson } from "../lib/exact_json.js";
import { streamOf } from "../request/request_state.js";
import { callOf, NO_OPTIONS, optionsOf, textOf, turnsOf } from "./chat_call.js";

const TITLE_LETTERS = 80;
const STATES = { COMPLETED: "done", CANCELLED: "stopped" };
const LOST = new Set(["missing", "expired", "deleted"]);

/**
 * An empty conversation.
 * @returns {{id: string, at: number, options: Json, turns: Json[]}}
 */
export const newConversation = ({ id, at, options }) => ({ id, at, options, turns: [] });

/** What the conversation is called: the beginning of its first question. */
export function titleOf({ turns }) {
  const text = textOf(turns.find(({ role }) => role === "user")?.content).trim().split("\n", 1)[0];
  const letters = Array.from(text);
  return letters.length > TITLE_LETTERS ? `${letters.slice(0, TITLE_LETTERS).join("")}…` : text;
}

/**
 * The last turn, if it is an answer that is still expected; else null.
 * @param {Json} conversation
 * @returns {Json | null}
 */
export function openAnswer({ turns }) {
  const last = turns.at(-1);
  return last?.state === "open" ? last : null;
}

/** Add a question and the answer that is expected. */
export const ask = (conversation, content, at) => ({ ...expecting(conversation, [...conversation.turns, { role: "user", content }]), at });

/** Expect another answer to the last question; null if there is none. */
export function askAgain(conversation, at) {
  const last = conversation.turns.findLastIndex(({ role }) => role !== "assistant");
  return last < 0 ? null : { ...expecting(conversation, conversation.turns.slice(0, last + 1)), at };
}

/** Leave out a turn and everything after it. */
export const cutFrom = (conversation, index) => ({ ...conversation, turns: conversation.turns.slice(0, index) });

/** A conversation of messages that somebody else wrote; if the last one is a question, its answer is expected. */
export function conversationOf(messages, { id, at, options }) {
  const { system, turns } = turnsOf(messages);
  const conversation = { ...newConversation({ id, at, options: system === null ? options : { ...options, system } }), turns };
  return turns.length > 0 && turns.at(-1)?.role !== "assistant" ? expecting(conversation, turns) : conversation;
}

/** The conversation that a request was sent from, as far as its input is known; null if that is not at all. */
export function conversationOfRequest(request, input, { id, at }) {
  const body = input?.call?.body ?? (input?.prompt ? { messages: [{ role: "user", content: input.prompt }] } : null);
  if (!body) return null;
  const conversation = conversationOf(body.messages, { id, at, options: optionsOf(body) });
  const asked = openAnswer(conversation) ? conversation : expecting(conversation, conversation.turns);
  return request.id ? withLast(asked, { ...openAnswer(asked), request: request.id }) : asked;
}

/** The conversation of a request whose input is not known yet: its answer alone. */
export const answerOnly = (request, { id, at }) => ({ ...newConversation({ id, at, options: NO_OPTIONS }), turns: [{ role: "assistant", content: "", request: request.id ?? null, state: "open" }] });

/** Whether an answer of the conversation belongs to this request. */
export function concerns(conversation, request) {
  if (request.id && conversation.turns.some((turn) => turn.request === request.id)) return true;
  return isUnlinked(conversation) && isSameJson(request.input?.call, callOf(conversation));
}

/**
 * The conversation after its request has changed; `problem` says why there is no answer, if there is none. The text
 * that is being written stays in the request until it ends.
 */
export function followRequest(conversation, request, problem) {
  const answer = openAnswer(conversation);
  if (!answer || !belongs(conversation, answer, request)) return conversation;
  const linked = request.id && answer.request !== request.id ? { ...answer, request: request.id } : answer;
  const next = { ...linked, ...endOf(request, problem) };
  return isSameJson(next, answer) ? conversation : withLast(conversation, next);
}

/** End an answer that was never asked for, or is no longer expected. */
export const giveUp = (conversation, problem) => (openAnswer(conversation) ? withLast(conversation, { ...openAnswer(conversation), state: "failed", problem }) : conversation);

const isUnlinked = (conversation) => openAnswer(conversation)?.request === null;

const belongs = (conversation, answer, request) => (answer.request === null ? concerns(conversation, request) : answer.request === request.id);

const expecting = (conversation, turns) => ({ ...conversation, turns: [...turns, { role: "assistant", content: "", request: null, state: "open" }] });

const withLast = ({ turns, ...conversation }, turn) => ({ ...conversation, turns: [...turns.slice(0, -1), turn] });

function endOf(request, problem) {
  if (request.phase === "refused" || LOST.has(request.phase)) return { state: "failed", problem };
  if (request.phase !== "ended") return {};
  const { status, output } = request.result;
  const state = STATES[status] ?? "failed";
  const content = output?.text || streamOf(request).text;
  return { state, content, ...(state === "done" ? ofMessage(output, content) : {}), ...(problem ? { problem } : {}) };
}

// What the model's own message has beside its text: tools that it calls, what it thought.
function ofMessage(output, content) {
  const message = Object(output?.data?.choices?.[0]?.message);
  const { reasoning_content: thought, tool_calls: calls } = message;
  const reasoning = typeof thought === "string" && thought !== "" ? { reasoning: thought } : {};
  return Array.isArray(calls) && calls.length > 0 ? { ...reasoning, raw: { role: "assistant", content, tool_calls: calls } } : reasoning;
}
