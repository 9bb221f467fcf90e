/** The conversations that this browser keeps, the one that was asked last first; the oldest make room for new ones. */
import { stringifyExact } from "../lib/exact_json.js";
import { readChats, writeChats } from "../request/browser_storage.js";

const MOST = 30; // of one space
const MOST_LETTERS = 1_500_000;

/** The conversations of a space. */
export const storedConversations = (space) => readChats(space).filter((each) => each?.id && Array.isArray(each.turns));

/** Store a conversation, as the newest if something was asked in it; storage may be full, and then keeps less. */
export function storeConversation(space, conversation) {
  const stored = storedConversations(space);
  const others = stored.filter(({ id }) => id !== conversation.id);
  const place = placeOf(conversation, stored);
  let kept = boundedList([conversation, ...others]);
  while (!writeChats(space, withFirstAt(kept, place)) && kept.length > 0) kept = kept.slice(0, -1);
}

const placeOf = ({ id, at }, stored) => Math.max(0, stored.findIndex((each) => each.id === id && each.at === at));

const withFirstAt = (list, place) => [...list.slice(1, place + 1), ...list.slice(0, 1), ...list.slice(place + 1)];

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
