/** Asks for something again and again while somebody looks, and ever less often if nothing changes. */
import { GatewayError } from "./api.js";
import { pauseUntil, retryTime, untilVisible, whileVisible } from "../lib/wait.js";

const SHORTEST_MS = 10_000;
const LONGEST_MS = 60_000;
const GROWTH = 1.3;

/**
 * Start asking. `ask(signal)` gives an answer; `onAnswer(answer)` hears every one;
 * `onTrouble(error, retryAt)` hears every failure and returns false to give up.
 * Returns `askNow()`, which cuts the present pause short.
 */
export function keepAsking({ ask, onAnswer, onTrouble, signal }) {
  const wake = new EventTarget();
  const pace = { unchanged: 0, failures: 0, last: "" };
  run({ ask, onAnswer, onTrouble, signal, wake, pace });
  return () => {
    pace.unchanged = 0;
    wake.dispatchEvent(new Event("wake"));
  };
}

async function run({ ask, onAnswer, onTrouble, signal, wake, pace }) {
  while (!signal.aborted) {
    await untilVisible(signal);
    const turn = whileVisible(signal);
    try {
      const answer = await ask(turn);
      note(pace, answer);
      onAnswer(answer);
      await pauseUntil(Date.now() + period(pace), turn, wake);
    } catch (error) {
      if (turn.aborted) continue;
      if (!(error instanceof GatewayError)) throw error;
      const retryAt = error.retryAt ?? retryTime(pace.failures++);
      if (onTrouble(error, retryAt) === false) return;
      await pauseUntil(retryAt, turn, wake);
    }
  }
}

function note(pace, answer) {
  const text = JSON.stringify(answer, unsigned);
  pace.unchanged = text === pace.last ? pace.unchanged + 1 : 0;
  pace.failures = 0;
  pace.last = text;
}

// A signed address of the same file differs in each answer; that is no news.
const unsigned = (_, value) => (typeof value === "string" && /^https?:/.test(value) ? value.split("?")[0] : value);

const period = ({ unchanged }) => Math.min(LONGEST_MS, SHORTEST_MS * GROWTH ** unchanged);
