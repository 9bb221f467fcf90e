/** Sends one body to the storage, telling how much of it has gone; a connection that is silent is cut. */
import { GatewayError } from "../api/api.js";

const SILENT_MS = 30_000; // nothing more was sent for so long
const UNANSWERED_MS = 60_000; // all has gone: what the system still holds back is on its way

/**
 * Send; `onSent(bytes)` hears how much has gone. Throws a GatewayError, not `reached` if the connection
 * was cut or silent, or the signal's reason.
 */
// fetch cannot tell how much of a body has been sent.
export function sendBody({ method, url, body, onSent, signal }) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const watch = watchdog(() => (reject(cut("The upload was silent.")), call.abort()));
    const stop = () => call.abort();
    signal.addEventListener("abort", stop, { once: true });
    call.upload.addEventListener("progress", ({ loaded }) => (watch.hear(SILENT_MS), onSent(loaded)));
    call.upload.addEventListener("load", () => watch.hear(UNANSWERED_MS));
    call.addEventListener("load", () => (call.status < 300 ? resolve() : reject(refusal(call))));
    call.addEventListener("error", () => reject(cut("The upload was cut.")));
    call.addEventListener("abort", () => reject(signal.reason));
    call.addEventListener("loadend", () => (watch.end(), signal.removeEventListener("abort", stop)));
    call.open(method, url);
    call.send(body);
    watch.hear(SILENT_MS);
  });
}

function watchdog(bark) {
  let timer = null;
  const end = () => clearTimeout(timer);
  return { end, hear: (patience) => (end(), (timer = setTimeout(bark, patience))) };
}

const cut = (detail) => new GatewayError({ detail });

const refusal = (call) => new GatewayError({ status: call.status, errorType: storageWord(call) });

// S3 names its refusal in XML: <Code>EntityTooLarge</Code>.
const storageWord = (call) => /<Code>(\w+)<\/Code>/.exec(call.responseText)?.[1] ?? null;
