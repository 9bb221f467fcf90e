/** Inline icons on a 16 × 16 grid. */
import { svg } from "./dom.js";

export const PATHS = {
  check: "m3 8.5 3.5 3.5L13 4.5",
  cross: "m4 4 8 8m0-8-8 8",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 3v3l2 2",
  again: "M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3",
  pause: "M5.5 4v8m5-8v8",
  picture: "M2.5 3.5h11v9h-11zM3 11l3-3 2.5 2.5L10.5 8.5l3 3M10.5 6v.01",
  sound: "M3 6v4m2.5-6v8m2.5-10v12m2.5-9v6m2.5-4v2",
  film: "M2.5 3.5h11v9h-11zM7 6v4l3-2z",
  sheet: "M4 1.5h5l3 3v10H4zM9 1.5v3h3",
  record: "M8 3a2 2 0 0 0-2 2v3a2 2 0 0 0 4 0V5a2 2 0 0 0-2-2ZM3.5 8a4.5 4.5 0 0 0 9 0M8 12.5V15",
  plus: "M8 3v10M3 8h10",
  prompt: "M3 3.5h10M8 3.5v9.5M5.5 13h5",
  chat: "M2.5 3h11v8H8l-3.5 3v-3h-2z",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.5 10.5 14 14",
  up: "M8 13V3m0 0L4 7m4-4 4 4",
  down: "M8 3v10m0 0 4-4m-4 4L4 9",
  sliders: "M2.5 5h6m4 0h1M2.5 11h1m4 0h6M10.5 3.5v3m-5 3v3",
  pencil: "m3 13 .7-3L11 2.7 13.3 5 6 12.3zM9.5 4.2l2.3 2.3",
  copy: "M6 5.5h7.5V14H6zM10 5.5V2.5H2.5V11H6",
  info: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 5v4m0-6v.01",
  bin: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  warning: "M8 2 1.5 13.5h13L8 2Zm0 4.5v3m0 2v.01",
};

/** An icon by name; hidden from screen readers, which read the word beside it. */
export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}
