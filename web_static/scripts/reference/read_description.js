/** Reads an OpenAPI document into what its reference shows. Pure. */
import { exampleOf, fieldOf, fieldsOf, shapeOf } from "./read_schema.js";

const METHODS = ["get", "put", "post", "delete", "patch", "head"];
const GROUPS = /** @type {const} */ ([
  ["webhooks", /\/webhook/],
  ["requests", /\/requests/],
  ["uploads", /\/uploads/],
  ["spaces", /\/spaces/],
]);

/** The order in which the groups are shown. */
export const GROUP_ORDER = ["spaces", "requests", "uploads", "webhooks", "other", "signed_in"];

/**
 * The calls of a document, in its order: {id, group, method, path, summary, description, callers, parameters, body,
 * answers, text}. `text` is what a search looks through; it is in lower case.
 */
export function operationsOf(document) {
  const found = [];
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS.filter((each) => item[each])) found.push(operationOf(document, path, method, item[method]));
  }
  return found;
}

/** The calls that a search finds: those that contain each of its words. */
export function findOperations(operations, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter(({ text }) => words.every((word) => text.includes(word)));
}

function operationOf(document, path, method, { operationId, summary = "", description = "", tags = [], ...spec }) {
  const shown = {
    id: operationId ?? `${method}-${path}`,
    group: groupOf(path, tags),
    method: method.toUpperCase(),
    path,
    summary,
    description,
    callers: callersOf(spec.security ?? []),
    parameters: (spec.parameters ?? []).map((each) => parameterOf(document, each)),
    body: contentOf(document, spec.requestBody?.content)[0] ?? null,
    answers: Object.entries(spec.responses ?? {}).map(([status, answer]) => answerOf(document, status, answer, summary)),
  };
  return { ...shown, text: textOf(shown) };
}

const parameterOf = (document, { name, in: place, required, description = "", schema }) => ({ ...fieldOf(document, name, schema, required), place, words: description });

const groupOf = (path, tags) => (tags.includes("signed in") ? "signed_in" : (GROUPS.find(([, pattern]) => pattern.test(path))?.[0] ?? "other"));

// Each way to call is a set of credentials; an empty one, or none at all, lets anyone call.
const callersOf = (security) => (security.length === 0 ? ["anyone"] : security.flatMap((way) => (Object.keys(way).length === 0 ? ["anyone"] : Object.keys(way))));

// A description that only repeats the summary says nothing.
function answerOf(document, status, { description = "", headers = {}, content = {} }, summary) {
  return {
    status,
    isError: Number(status) >= 400,
    words: description === summary ? "" : description,
    headers: Object.entries(headers).map(([name, { schema, description: words, required }]) => ({ ...fieldOf(document, name, schema, required), words: words ?? "" })),
    content: contentOf(document, content),
  };
}

function contentOf(document, content = {}) {
  return Object.entries(content).map(([type, { schema = {}, example, "x-events": events = {} }]) => ({
    type,
    shape: shapeOf(schema),
    fields: fieldsOf(document, schema),
    example: example ?? (type === "application/json" ? exampleOf(document, schema) : undefined),
    events: Object.entries(events).map(([name, data]) => fieldOf(document, name, data, true)),
  }));
}

function textOf({ id, method, path, summary, description, parameters, body, answers }) {
  const names = [...parameters, ...(body?.fields ?? []), ...answers.flatMap(({ content }) => content.flatMap(({ fields }) => fields))].flatMap(namesOf);
  const words = answers.flatMap(({ status, words: said }) => [status, said]);
  return [id, method, path, summary, description, ...new Set(names), ...words].join(" ").toLowerCase();
}

const namesOf = ({ name, fields }) => [name, ...fields.flatMap(namesOf)];
