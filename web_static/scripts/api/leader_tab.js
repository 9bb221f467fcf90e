/** Lets one visible tab do something for all tabs that show the same. */
import { untilVisible, whileVisible } from "../lib/wait.js";

/**
 * Run `run(publish, turn)` in one visible tab at a time until it returns true or the signal aborts.
 * `turn` aborts when this tab is hidden; another one then takes over. `publish(event)` reaches
 * `receive(event)` in this and in every other tab.
 */
export async function oneOfTabs(name, { run, receive, signal }) {
  const channel = new BroadcastChannel(name);
  channel.addEventListener("message", ({ data }) => receive(data));
  signal.addEventListener("abort", () => channel.close());
  const publish = (event) => {
    channel.postMessage(event); // first: receiving an end closes the channel
    receive(event);
  };
  while (!signal.aborted) {
    await untilVisible(signal);
    const turn = whileVisible(signal);
    if (await withLock(name, turn, () => run(publish, turn))) return;
  }
}

/** Tell an event to all tabs that do the same. */
export function tellTabs(name, event) {
  const channel = new BroadcastChannel(name);
  channel.postMessage(event);
  channel.close();
}

// Without the Web Locks API (old browsers, plain http) every tab runs for itself.
async function withLock(name, turn, run) {
  if (turn.aborted) return false;
  if (!navigator.locks) return run();
  try {
    return await navigator.locks.request(name, { signal: turn }, run);
  } catch (error) {
    if (turn.aborted) return false;
    throw error;
  }
}
