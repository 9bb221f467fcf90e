/** What a call of a space needs: from the space, what the form holds, and the key that was entered. Pure. */

const EXAMPLES = { "image/*": "image/png", "audio/*": "audio/wav", "video/*": "video/mp4", "*/*": "text/plain" };

/** Whether a space takes whole calls, and no prompts. */
export const isOfCalls = (space) => Boolean(space?.features.includes("call")) && !space.features.includes("prompt") && !space.files;

/** Whether a space needs no key. */
export const isOpen = (space) => !space?.visibility || space.visibility === "public";

/** The needs that the snippets write out; `draft` is {prompt, files, params}, or null. */
export function needsOf(space, draft, key) {
  const held = { prompt: "", files: [], params: {}, ...draft };
  const rules = space?.files ?? null;
  return {
    text: textOf(held, takesPrompt(space), rules !== null),
    files: rules && fileOf(rules.accept, held.files[0]),
    call: isOfCalls(space),
    params: held.params,
    key: isOpen(space) && key === "" ? null : key,
  };
}

const takesPrompt = (space) => !space || space.features.includes("prompt") || !space.files;

function textOf({ prompt, files }, takes, takesFiles) {
  if (!takes) return null;
  return prompt || (takesFiles && files.length > 0 ? null : "Hello");
}

// The file that was chosen, or an example of the first type that the space accepts.
function fileOf(accept, chosen) {
  const type = chosen?.content_type || EXAMPLES[accept[0]] || accept[0] || "text/plain";
  if (chosen) return { name: chosen.name, type };
  const ending = type === "text/plain" ? "txt" : type.split("/").at(-1).replace(/^x-|\+.*$/g, "");
  return { name: `file.${ending}`, type };
}
