/** What a call of a space needs: from the space, what the form or the conversation holds, and the key that was entered. Pure. */

const EXAMPLES = { "image/*": "image/png", "audio/*": "audio/wav", "video/*": "video/mp4", "*/*": "text/plain" };
const HELLO = "Hello";

/** Whether a space takes whole calls, and no prompts. */
export const isOfCalls = (space) => Boolean(space?.features.includes("call")) && !space.features.includes("prompt") && !space.files;

/** Whether a space serves embeddings, and no chat. */
export const isOfEmbeddings = (space) => isOfCalls(space) && !space.endpoints?.includes("chat.completions") && Boolean(space.endpoints?.includes("embeddings"));

/** Whether a space needs no key. */
export const isOpen = (space) => !space?.visibility || space.visibility === "public";

/**
 * The needs that the snippets write out; `draft` is null or {prompt, files, params, call}, where `call` is the body of
 * the call that a conversation would make, and `endpoint` what it goes to.
 */
export function needsOf(space, draft, key) {
  const held = { prompt: "", files: [], params: {}, call: null, ...draft };
  const rules = space?.files ?? null;
  return {
    text: textOf(held, takesPrompt(space), rules !== null),
    files: rules ? filesOf(rules.accept, held.files) : [],
    ...callOf(space, held),
    params: held.params,
    key: isOpen(space) && key === "" ? null : key,
  };
}

const takesPrompt = (space) => !space || space.features.includes("prompt") || !space.files;

function textOf({ prompt, files }, takes, takesFiles) {
  if (!takes) return null;
  return prompt || (takesFiles && files.length > 0 ? null : HELLO);
}

function callOf(space, held) {
  if (isOfEmbeddings(space)) return { call: { input: held.prompt || HELLO }, endpoint: "embeddings" };
  return { call: held.call || isOfCalls(space) ? bodyOf(held) : null, endpoint: "chat.completions" };
}

// A conversation in which nothing was asked yet asks something.
function bodyOf({ call, prompt, params }) {
  const { messages = [], ...fields } = call ?? params;
  const asks = !["system", "assistant", undefined].includes(messages.at(-1)?.role);
  return { messages: asks ? messages : [...messages, { role: "user", content: prompt || HELLO }], ...fields };
}

// The files that were chosen, or an example of the first type that the space accepts.
function filesOf(accept, chosen) {
  if (chosen.length > 0) return chosen.map(({ name, content_type: type }) => ({ name, type: type || exampleType(accept) }));
  const type = exampleType(accept);
  const ending = type === "text/plain" ? "txt" : type.split("/").at(-1).replace(/^x-|\+.*$/g, "");
  return [{ name: `file.${ending}`, type }];
}

const exampleType = ([first]) => EXAMPLES[first] || first || "text/plain";
