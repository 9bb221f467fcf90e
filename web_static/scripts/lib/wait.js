/** Waits: until a time, until the page is visible, and how long after a failure. */

const attention = { always: false };
const changes = new EventTarget();

/** Set whether to keep running while the page is hidden, because the user asked for a notification. */
export function keepRunningWhenHidden(wanted) {
  if (attention.always === wanted) return;
  attention.always = wanted;
  changes.dispatchEvent(new Event("attention"));
}

const isHidden = () => document.hidden && !attention.always;

function onVisibilityChange(listener, signal) {
  document.addEventListener("visibilitychange", listener, { signal });
  changes.addEventListener("attention", listener, { signal });
}

/**
 * Wait until a time; ends early if the signal aborts, the network returns or `wake` fires.
 * @returns {Promise<void>}
 */
export function waitUntil(time, signal, wake = new EventTarget()) {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
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

/**
 * Wait until the page is visible or the signal aborts.
 * @returns {Promise<void>}
 */
export function untilVisible(signal) {
  return new Promise((resolve) => {
    if (!isHidden() || signal.aborted) {
      resolve();
      return;
    }
    const finished = new AbortController();
    const check = () => {
      if (isHidden() && !signal.aborted) return;
      finished.abort();
      resolve();
    };
    onVisibilityChange(check, finished.signal);
    signal.addEventListener("abort", check, { signal: finished.signal });
  });
}

/** A signal that aborts with another one, or when the page is hidden. */
export function whileVisible(signal) {
  const hidden = new AbortController();
  const both = AbortSignal.any([signal, hidden.signal]);
  const check = () => isHidden() && hidden.abort();
  onVisibilityChange(check, both);
  check();
  return both;
}

/**
 * When to retry after the nth failure (from 0): the delay doubles from 1 s to 30 s, with up to half taken off at
 * random.
 */
export function retryTime(failures, { now = Date.now(), random = Math.random } = {}) {
  const longest = Math.min(30_000, 1000 * 2 ** failures);
  return now + longest * (0.5 + random() / 2);
}
