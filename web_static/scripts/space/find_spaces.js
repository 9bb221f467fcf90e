/** Which spaces the list shows, and in which order. Pure. */

const TAKES = { text: ["prompt", "call"], image: ["image"], audio: ["audio"], video: ["video"] };

/**
 * The spaces that match a query and all filters, best first; `used` are names of spaces, the last used first.
 * @param {Json[]} spaces
 * @param {{query?: string, filters?: string[], used?: string[], wordsOf?: (space: Json) => string}} options
 */
export function findSpaces(spaces, { query = "", filters = [], used = [], wordsOf = () => "" }) {
  return spaces.filter((space) => matches(space, query, wordsOf) && filters.every((filter) => passes(space, filter))).sort(byRank(used));
}

function matches(space, query, wordsOf) {
  const text = [space.space, space.title, space.description, ...space.features, wordsOf(space)].join(" ").toLocaleLowerCase();
  return query.toLocaleLowerCase().split(/\s+/).every((word) => text.includes(word));
}

const passes = (space, filter) => (filter === "online" ? isOnline(space) : space.features.some((feature) => TAKES[filter].includes(feature)));

const isOnline = ({ connected, disabled = false }) => connected && !disabled;

// Online first, then what was used last, then by name.
function byRank(used) {
  const rank = ({ space }) => (used.includes(space) ? used.indexOf(space) : used.length);
  const nameOf = ({ title, space }) => title || space;
  return (a, b) => Number(isOnline(b)) - Number(isOnline(a)) || rank(a) - rank(b) || nameOf(a).localeCompare(nameOf(b));
}
