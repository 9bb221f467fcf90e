/** Waiting: until a time, until the page is seen, and how long after a failure. */

const attention = { always: false };
const changes = new EventTarget();

/** Whether to go on while nobody sees the page: somebody asked to be told. */
export function goOnUnseen(wanted) {
  if (attention.always === wanted) return;
  attention.always = wanted;
  changes.dispatchEvent(new Event("attention"));
}

const isAway = () => document.hidden && !attention.always;

function onAttention(listener, signal) {
  document.addEventListener("visibilitychange", listener, { signal });
  changes.addEventListener("attention", listener, { signal });
}

/** Wait until a time; ends early when the signal aborts, the network returns or `wake` fires. */
export function pauseUntil(time, signal, wake = new EventTarget()) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finished = new AbortController();
    const done = () => {
      clearTimeout(timer);
      finished.abort();
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, time - Date.now()));
    signal.addEventListener("abort", done, { signal: finished.signal });
    window.addEventListener("online", done, { signal: finished.signal });
    wake.addEventListener("wake", done, { signal: finished.signal });
  });
}

/** Wait until somebody can see the page, or the signal aborts. */
export function untilVisible(signal) {
  return new Promise((resolve) => {
    if (!isAway() || signal.aborted) return resolve();
    const finished = new AbortController();
    const check = () => {
      if (isAway() && !signal.aborted) return;
      finished.abort();
      resolve();
    };
    onAttention(check, finished.signal);
    signal.addEventListener("abort", check, { signal: finished.signal });
  });
}

/** A signal that aborts with another one, or as soon as nobody sees the page. */
export function whileVisible(signal) {
  const hidden = new AbortController();
  const both = AbortSignal.any([signal, hidden.signal]);
  const check = () => isAway() && hidden.abort();
  onAttention(check, both);
  check();
  return both;
}

/** When to try again after the nth failure (from 0): doubling from 1 s to 30 s, spread by a half. */
export function retryTime(failures, { now = Date.now(), random = Math.random } = {}) {
  const longest = Math.min(30_000, 1000 * 2 ** failures);
  return now + longest * (0.5 + random() / 2);
}
