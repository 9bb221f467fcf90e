/** Inline icons, drawn on 16 × 16. */
import { svg } from "./dom.js";

export const PATHS = {
  check: "m3 8.5 3.5 3.5L13 4.5",
  cross: "m4 4 8 8m0-8-8 8",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 3v3l2 2",
  again: "M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3",
  pause: "M5.5 4v8m5-8v8",
  warning: "M8 2 1.5 13.5h13L8 2Zm0 4.5v3m0 2v.01",
};

/** An icon by name; it says nothing to a screen reader, the word beside it does. */
export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}
