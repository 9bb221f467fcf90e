/** Lets one visible tab do work for all tabs that show the same thing. */
import { parseExact, stringifyExact } from "../lib/exact_json.js";
import { untilVisible, whileVisible } from "../lib/wait.js";

/**
 * Run `run(publish, turn)` in one visible tab at a time, until it returns true or the signal aborts. `turn` aborts
 * when this tab is hidden, and another tab takes over. `publish(event)` calls `receive(event)` in this tab and all
 * others.
 */
export async function runInLeaderTab(name, { run, receive, signal }) {
  const channel = new BroadcastChannel(name);
  channel.addEventListener("message", ({ data }) => receive(parseExact(data)));
  signal.addEventListener("abort", () => channel.close());
  const publish = (event) => {
    channel.postMessage(stringifyExact(event)); // before receive: an event that ends the request closes the channel
    receive(event);
  };
  while (!signal.aborted) {
    await untilVisible(signal);
    const turn = whileVisible(signal);
    if (await withLock(name, turn, () => run(publish, turn))) return;
  }
}

/** Send an event to all tabs that do the same work. */
export function broadcastToTabs(name, event) {
  const channel = new BroadcastChannel(name);
  channel.postMessage(stringifyExact(event));
  channel.close();
}

// Without the Web Locks API (old browsers, plain HTTP), every tab runs on its own.
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
