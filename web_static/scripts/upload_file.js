/** Sends one file straight to the storage, at an address that the gateway gave; again after a cut. */
import { beginUpload, GatewayError } from "./api.js";
import { pauseUntil, retryTime } from "./pause.js";

const MOST_TRIES = 3;

/**
 * Upload a file; gives its upload id. `onProgress(share)` hears how much has been sent, `onDelay()` that
 * the connection was cut and it is sent anew. Throws a GatewayError, or the signal's reason.
 */
export async function uploadFile({ space, file, name, type, onProgress, onDelay, signal }) {
  for (let tries = 1; ; tries += 1) {
    try {
      const upload = { space, name, content_type: type, size: file.size };
      const { upload_id: id, url, fields } = await beginUpload(upload, signal);
      await post(url, formOf(fields, file), onProgress, signal);
      return id;
    } catch (error) {
      signal.throwIfAborted();
      if (error.reached !== false || tries === MOST_TRIES) throw error;
      onDelay();
      await pauseUntil(retryTime(tries - 1), signal);
      signal.throwIfAborted();
    }
  }
}

function formOf(fields, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file); // S3 ignores what comes after the file
  return form;
}

// fetch cannot tell how much of a body has been sent.
function post(url, form, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const stop = () => call.abort();
    signal.addEventListener("abort", stop, { once: true });
    call.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    call.addEventListener("load", () => (call.status < 300 ? resolve() : reject(new GatewayError({ status: call.status, errorType: storageWord(call) }))));
    call.addEventListener("error", () => reject(new GatewayError({ detail: "The upload was cut." })));
    call.addEventListener("abort", () => reject(signal.reason));
    call.addEventListener("loadend", () => signal.removeEventListener("abort", stop));
    call.open("POST", url);
    call.send(form);
  });
}

// S3 names its refusal in XML: <Code>EntityTooLarge</Code>.
const storageWord = (call) => /<Code>(\w+)<\/Code>/.exec(call.responseText)?.[1] ?? null;
