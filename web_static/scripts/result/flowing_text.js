/** Draws a text that is being written: word by word if it comes by polls, at once for users who want less motion. */

const STEP_MS = 60;
const LESS_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {typeof import("./text_flow.js") | null} */
let words = null; // loaded with the first text that comes by a poll, which is shown at once

/**
 * Make `update(text, final, until)`, which calls `draw(text, final)` until all is drawn; `until` is when the next poll
 * is due, null if the text comes by a stream or is no longer written.
 */
export function makeFlowingText(draw) {
  let flow = { text: "", from: 0, at: 0, until: 0 };
  let timer = 0;
  let ended = false;

  function step() {
    clearTimeout(timer);
    const now = Date.now();
    draw(words ? words.flowingText(flow, now) : flow.text, ended);
    if (words?.isFlowing(flow, now)) timer = setTimeout(step, STEP_MS);
  }

  return (text, final, until) => {
    const end = final || LESS_MOTION.matches ? null : until;
    const now = Date.now();
    if (end !== null && !words) loadWords();
    ended = final;
    flow = words ? words.flowTo(flow, text, { now, until: end }) : { text, from: text.length, at: now, until: now };
    step();
  };
}

function loadWords() {
  import("./text_flow.js").then((module) => (words = module), () => undefined); // without it, text is shown at once
}
