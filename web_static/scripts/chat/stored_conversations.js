/** The conversations that this browser keeps, newest first; the oldest make room for new ones. */
import { stringifyExact } from "../lib/exact_json.js";
import { readChats, writeChats } from "../request/browser_storage.js";

const MOST = 30; // of one space
const MOST_LETTERS = 1_500_000;

/** The conversations of a space. */
export const storedConversations = (space) => readChats(space).filter((each) => each?.id && Array.isArray(each.turns));

/** Store a conversation as the newest; storage may be full, and then keeps less. */
export function storeConversation(space, conversation) {
  const others = storedConversations(space).filter(({ id }) => id !== conversation.id);
  let kept = boundedList([conversation, ...others]);
  while (!writeChats(space, kept) && kept.length > 0) kept = kept.slice(0, -1);
}

/** Remove a conversation from this browser. */
export const removeConversation = (space, id) => writeChats(space, storedConversations(space).filter((each) => each.id !== id));

/** As many conversations as fit; a first one that is too large itself loses its images. Pure. */
export function boundedList([newest, ...others]) {
  const first = lettersOf(newest) > MOST_LETTERS ? withoutImages(newest) : newest;
  let room = MOST_LETTERS - lettersOf(first);
  const kept = [first];
  for (const each of others.slice(0, MOST - 1)) {
    room -= lettersOf(each);
    if (room < 0) break;
    kept.push(each);
  }
  return kept;
}

const lettersOf = (conversation) => stringifyExact(conversation).length;

const withoutImages = (conversation) => ({ ...conversation, turns: conversation.turns.map(withoutImage) });

function withoutImage({ raw, ...turn }) { // eslint-disable-line no-unused-vars -- `raw` may hold the images as well
  if (!Array.isArray(turn.content)) return turn;
  return { ...turn, content: turn.content.filter((part) => Object(part).type !== "image_url") };
}
