/** The requests that the gateway keeps for whoever is signed in, a page at a time. */
import { GatewayError, readHistory } from "./api.js";
import { toLocal } from "./clock.js";

const TYPING_MS = 250;

/** Make it for a space; `onChange()` hears of every answer. */
export function makeServerHistory(space, onChange) {
  const state = { entries: [], cursor: null, query: "", trouble: false, asking: false };
  let asked = new AbortController();
  let typing = null;

  async function ask({ anew }) {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    state.asking = true;
    try {
      const page = await readHistory({ space, q: state.query, cursor: anew ? null : state.cursor }, signal);
      const entries = page.requests.map(entryOf);
      Object.assign(state, { entries: anew ? entries : [...state.entries, ...entries], cursor: page.next_cursor ?? null, trouble: false });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof GatewayError)) throw error;
      state.trouble = true;
    }
    state.asking = false;
    onChange();
  }

  return {
    entries: () => state.entries,
    hasMore: () => state.cursor !== null,
    trouble: () => state.trouble,
    isAsking: () => state.asking,
    more: () => ask({ anew: false }),
    drop: (id) => (state.entries = state.entries.filter((entry) => entry.id !== id)),
    find(query) {
      const same = query === state.query;
      state.query = query;
      clearTimeout(typing);
      typing = setTimeout(() => ask({ anew: true }), same ? 0 : TYPING_MS);
    },
  };
}

const entryOf = ({ request_id: id, space, prompt, created_at: at, status }) => ({ id, space, prompt: prompt ?? "", at: toLocal(at), status });
