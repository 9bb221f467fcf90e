/** One entry for each conversation that this browser keeps, instead of one for each of its messages. Pure. */

/**
 * The entries, newest first, with those of a conversation as one: its newest request, named after its first listed
 * message, with the `ids` of all, newest first. `conversations` are those of the browser; entries of none stay as they are.
 */
export function groupConversations(entries, conversations) {
  const owners = new Map(conversations.flatMap(({ id, turns }) => turns.map(({ request }) => [request, id])));
  const groups = Map.groupBy(entries, ({ id }) => owners.get(id) ?? id);
  return [...groups.values()].map((group) => ({ ...group[0], prompt: group.at(-1).prompt, ids: group.map(({ id }) => id) }));
}
