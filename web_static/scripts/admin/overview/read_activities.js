/** Reads what happened in the spaces in 24 hours: of a bounded number, a few at a time. */
import { GatewayError } from "../../api/gateway_call.js";
import { readActivity } from "../lib/admin_api.js";

/** Each space costs one call that reads up to 3,000 requests. */
export const MOST_SPACES = 20;
const AT_ONCE = 4;
const HOURS = 24;

/** The spaces to read, those with work first, then those whose worker was seen last. */
export function mostActive(spaces, live) {
  const rank = ({ space }) => {
    const state = live.get(space);
    if (!state) return 0;
    return state.queue_length + state.running > 0 ? Infinity : Date.parse(state.last_seen ?? 0);
  };
  return spaces.toSorted((one, other) => compare(rank(other), rank(one))).slice(0, MOST_SPACES).map(({ space }) => space);
}

const compare = (one, other) => (one === other ? 0 : one < other ? -1 : 1);

/** Resolves with the activities by space; what could not be read is missing. */
export async function readActivities(spaces, signal) {
  const left = [...spaces];
  const found = new Map();
  const work = async () => {
    for (let space = left.shift(); space !== undefined; space = left.shift()) {
      const activity = await readOne(space, signal);
      if (activity) found.set(space, activity);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

async function readOne(space, signal) {
  try {
    return await readActivity(space, HOURS, signal);
  } catch (error) {
    if (signal.aborted || error instanceof GatewayError) return null;
    throw error;
  }
}
