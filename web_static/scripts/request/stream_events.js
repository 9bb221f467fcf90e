/** What the events of a stream say about a request. Pure. */
import { grow } from "./request_state.js";

const READ = {
  status: (news, status) => ({ ...news, status, stream: grow(news.stream, status) }),
  text: (news, { text }, id) => written(news, news.stream.text + text, id),
  delta: (news, { text }, id) => written(news, news.stream.text + text, id),
  restart: (news, { text }, id) => written(news, text, id),
  done: (news) => ({ ...news, ended: true }),
};

/**
 * Read a batch of events. Returns {stream, status, pieces, ended}: the text so far, the last status or null, how many
 * pieces of text there were, and whether the request has ended.
 * @returns {{stream: Json, status: Json | null, pieces: number, ended: boolean}}
 */
export function readEvents(stream, events) {
  /** @type {ReturnType<typeof readEvents>} */
  let news = { stream, status: null, pieces: 0, ended: false };
  for (const { event, id, data } of events) {
    if (Object.hasOwn(READ, event)) news = READ[event](news, data, id);
  }
  return news;
}

const written = (news, text, after) => ({ ...news, stream: { text, after }, pieces: news.pieces + 1 });
