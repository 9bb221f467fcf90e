/** The signed-in user's requests as kept by the gateway, page by page. */
import { GatewayError, readHistory } from "../api/api.js";
import { toLocal } from "../lib/server_clock.js";

const TYPING_MS = 250;
/** @typedef {{entries: Json[], cursor: string | null}} Page */
/** @type {Readonly<Page>} */
const NOTHING = Object.freeze({ entries: [], cursor: null });

/** Make the history of a space (null: all spaces); `onChange()` is called after every response. */
export function makeServerHistory(space, onChange) {
  /** @type {{known: Page, query: string, trouble: boolean, asking: string | null, again: boolean}} */
  const state = { known: NOTHING, query: "", trouble: false, asking: null, again: false };
  let pending = new AbortController();
  /** @type {number | undefined} */
  let typing;

  async function ask(what, { cursor, take }) {
    pending.abort();
    pending = new AbortController();
    const { signal } = pending;
    state.asking = what;
    try {
      const page = await readHistory({ space, q: state.query, cursor }, signal);
      if (signal.aborted) return;
      // eslint-disable-next-line require-atomic-updates -- a newer request aborts `signal`
      state.known = take({ entries: page.requests.map(entryOf), cursor: page.next_cursor ?? null });
      // eslint-disable-next-line require-atomic-updates -- a newer request aborts `signal`
      state.trouble = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof GatewayError)) throw error;
      // eslint-disable-next-line require-atomic-updates -- a newer request aborts `signal`
      state.trouble = true;
    }
    // eslint-disable-next-line require-atomic-updates -- a newer request aborts `signal`
    state.asking = null;
    onChange();
    if (state.again) refresh();
  }

  // A refresh must not undo a "Show more" in progress: it starts after it.
  function refresh() {
    state.again = state.asking === "more";
    if (!state.again) ask("first", { cursor: null, take: (first) => mergePages(first, state.known) });
  }

  return {
    entries: () => state.known.entries,
    hasMore: () => state.known.cursor !== null,
    trouble: () => state.trouble,
    isAsking: () => state.asking !== null,
    more: () => ask("more", { cursor: state.known.cursor, take: (next) => ({ ...next, entries: [...state.known.entries, ...next.entries] }) }),
    drop: (id) => (state.known = { ...state.known, entries: state.known.entries.filter((entry) => entry.id !== id) }),
    /** Drop everything: a different user may be here now. */
    forget() {
      pending.abort();
      clearTimeout(typing);
      Object.assign(state, { known: NOTHING, query: "", asking: null, again: false });
    },
    /** Search; repeating the same query refreshes the list. */
    find(query) {
      clearTimeout(typing);
      if (query === state.query) {
        refresh();
        return;
      }
      state.query = query;
      typing = setTimeout(() => ask("first", { cursor: null, take: (first) => first }), TYPING_MS);
    },
  };
}

/** Merge a new first page with the entries shown below it. Pure. */
export function mergePages(first, known) {
  const seen = new Set(first.entries.map(({ id }) => id));
  const end = known.entries.findLastIndex(({ id }) => seen.has(id));
  const below = first.entries.length === 0 ? known.entries : known.entries.slice(end + 1);
  const touches = first.cursor !== null && (end >= 0 || first.entries.length === 0); // otherwise so much is new that entries in between are missing
  return touches && below.length > 0 ? { entries: [...first.entries, ...below], cursor: known.cursor } : first;
}

const entryOf = ({ request_id: id, space, prompt, created_at: at, status }) => ({ id, space, prompt: prompt ?? "", at: toLocal(at), status });
