/** Reads the input of a request that is too large to be in its result. */

/** The input, as it was submitted; null if it cannot be read any more. */
export async function readInput(input) {
  if (!/^https?:\/\//i.test(input?.body_url ?? "")) return input;
  try {
    const answer = await fetch(input.body_url);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // without a connection
  }
}
