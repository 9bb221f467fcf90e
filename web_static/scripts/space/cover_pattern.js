/** The picture of a space without a cover: a net generated from its name, with its longest path highlighted. */
import { svg } from "../lib/dom.js";

const TILE = 32;
const HALF = TILE / 2;
const COLUMNS = 14;
const ROWS = 3;

/** Draw the picture; the same name always gives the same one. */
export function pattern(name) {
  const random = seeded(name);
  const arcs = Array.from({ length: COLUMNS * ROWS }, (_, index) => tile(index, random)).flat();
  const lit = longestPath(arcs);
  const viewBox = `0 0 ${COLUMNS * TILE} ${ROWS * TILE}`;
  const attributes = { class: "cover-pattern", viewBox, preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" };
  return svg("svg", attributes, ...arcs.filter((arc) => !lit.has(arc)).map(draw), ...Array.from(lit, drawLit));
}

// Truchet tiles: two quarter arcs in one of two orientations; neighbouring tiles always join.
function tile(index, random) {
  const left = (index % COLUMNS) * TILE;
  const top = Math.floor(index / COLUMNS) * TILE;
  const [north, south] = [[left + HALF, top], [left + HALF, top + TILE]];
  const [west, east] = [[left, top + HALF], [left + TILE, top + HALF]];
  if (random() < 0.5) return [arc(north, west, 1), arc(east, south, 0)];
  return [arc(north, east, 0), arc(west, south, 1)];
}

const arc = (from, to, sweep) => ({ from: String(from), to: String(to), sweep });

function longestPath(arcs) {
  const left = new Set(arcs);
  let longest = new Set();
  while (left.size > 0) {
    const path = pathThrough(left.values().next().value, arcs);
    for (const each of path) left.delete(each);
    if (path.size > longest.size) longest = path;
  }
  return longest;
}

// All arcs that join the first one, directly or not; the set grows while the loop iterates over it.
function pathThrough(first, arcs) {
  const path = new Set([first]);
  for (const { from, to } of path) {
    for (const other of arcs) if ([from, to].some((end) => end === other.from || end === other.to)) path.add(other);
  }
  return path;
}

const draw = ({ from, to, sweep }) => svg("path", { d: `M${from}A${HALF} ${HALF} 0 0 ${sweep} ${to}` });

function drawLit(each) {
  const path = draw(each);
  path.setAttribute("class", "is-highlighted");
  return path;
}

// Mulberry32: small and uniform; not for secrets.
function seeded(name) {
  let value = Array.from(name).reduce((sum, letter) => Math.imul(sum ^ letter.codePointAt(0), 16_777_619), 2_166_136_261);
  return () => {
    value = (value + 0x6d2b79f5) | 0;
    let mixed = Math.imul(value ^ (value >>> 15), 1 | value);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
