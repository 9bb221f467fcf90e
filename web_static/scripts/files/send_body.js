/** Uploads one body and reports progress; aborts a connection that is stalled. */
import { GatewayError } from "../api/api.js";

const SILENT_MS = 30_000; // without any progress
const UNANSWERED_MS = 60_000; // after the last byte: the system may still be sending what it buffered

/**
 * Upload; `onSent(bytes)` is called with the number of bytes sent. Throws a GatewayError, with `reached` false if
 * the connection was interrupted or stalled, or the signal's reason.
 * @returns {Promise<void>}
 */
// XMLHttpRequest, because fetch does not report upload progress.
export function sendBody({ method, url, body, onSent, signal }) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const watch = watchdog(() => {
      reject(cut("The upload was silent."));
      call.abort();
    });
    const stop = () => call.abort();
    signal.addEventListener("abort", stop, { once: true });
    call.upload.addEventListener("progress", ({ loaded }) => {
      watch.hear(SILENT_MS);
      onSent(loaded);
    });
    call.upload.addEventListener("load", () => watch.hear(UNANSWERED_MS));
    call.addEventListener("load", () => (call.status < 300 ? resolve() : reject(refusal(call))));
    call.addEventListener("error", () => reject(cut("The upload was cut.")));
    call.addEventListener("abort", () => reject(signal.reason));
    call.addEventListener("loadend", () => {
      watch.end();
      signal.removeEventListener("abort", stop);
    });
    call.open(method, url);
    call.send(body);
    watch.hear(SILENT_MS);
  });
}

function watchdog(onSilence) {
  /** @type {number | undefined} */
  let timer;
  const end = () => clearTimeout(timer);
  const hear = (patience) => {
    end();
    timer = setTimeout(onSilence, patience);
  };
  return { end, hear };
}

const cut = (detail) => new GatewayError({ detail });

const refusal = (call) => new GatewayError({ status: call.status, errorType: storageWord(call) });

// S3 names its error in XML: <Code>EntityTooLarge</Code>.
const storageWord = (call) => /<Code>(\w+)<\/Code>/.exec(call.responseText)?.[1] ?? null;
