/** A picture for a space without a cover: paths that its name draws, one of them lit. */
import { svg } from "./dom.js";

const TILE = 32;
const COLUMNS = 14;
const ROWS = 3;
const HALF = TILE / 2;

/** Draw the picture; the same name always draws the same. */
export function pattern(name) {
  const random = seeded(name);
  const tiles = Array.from({ length: COLUMNS * ROWS }, (_, index) => tile(index, random));
  const viewBox = `0 0 ${COLUMNS * TILE} ${ROWS * TILE}`;
  const attributes = { class: "pattern", viewBox, preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" };
  return svg("svg", attributes, ...tiles.flat(), svg("circle", spot(random)));
}

// Truchet's tiles: two quarter arcs, turned one way or the other; neighbours always join.
function tile(index, random) {
  const x = (index % COLUMNS) * TILE;
  const y = Math.floor(index / COLUMNS) * TILE;
  const arcs = random() < 0.5 ? rising(x, y) : falling(x, y);
  return arcs.map((d) => svg("path", { d, class: random() < 0.14 ? "is-lit" : null }));
}

const rising = (x, y) => [
  `M${x + HALF} ${y}A${HALF} ${HALF} 0 0 1 ${x} ${y + HALF}`,
  `M${x + TILE} ${y + HALF}A${HALF} ${HALF} 0 0 0 ${x + HALF} ${y + TILE}`,
];

const falling = (x, y) => [
  `M${x + HALF} ${y}A${HALF} ${HALF} 0 0 0 ${x + TILE} ${y + HALF}`,
  `M${x} ${y + HALF}A${HALF} ${HALF} 0 0 1 ${x + HALF} ${y + TILE}`,
];

function spot(random) {
  const column = 4 + Math.floor(random() * (COLUMNS - 8));
  return { cx: column * TILE, cy: TILE + HALF, r: 5 };
}

// A linear congruential generator (Numerical Recipes), seeded by the name; not for secrets.
function seeded(name) {
  let value = Array.from(name).reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7);
  return () => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    return value / 2 ** 32;
  };
}
