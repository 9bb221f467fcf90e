/** Sends one file straight to the storage, at addresses that the gateway gave; again after a cut. */
import { beginUpload } from "../api/api.js";
import { sendBody } from "./send_body.js";
import { tryAgain } from "../api/retry.js";
import { goOnInParts, uploadInParts } from "./upload_in_parts.js";

const MOST_TRIES = 3;

/**
 * Upload a file; gives its upload id. `onProgress(share)` hears how much has been sent,
 * `onDelay({share, offline})` that the connection was cut and what did not arrive is sent anew. After it
 * failed, calling it again with the same file sends only the parts that are missing. Throws a
 * GatewayError, or the signal's reason.
 */
export async function uploadFile({ space, file, name, type, onProgress, onDelay, signal }) {
  const path = { space, file, onProgress, onDelay, signal };
  const known = await goOnInParts(path);
  if (known) return known;
  const about = { space, name, content_type: type, size: file.size };
  const onCut = ({ offline }) => onDelay({ share: 0, offline });
  const upload = await tryAgain(() => beginOrPost(about, path), { most: MOST_TRIES, onDelay: onCut, signal });
  if (upload.multipart) await uploadInParts(upload, path);
  return upload.upload_id;
}

// A file that may come in parts is only announced.
async function beginOrPost(about, { file, onProgress, signal }) {
  const upload = await beginUpload(about, signal);
  if (upload.multipart) return upload;
  const body = formOf(upload.fields, file);
  const onSent = (bytes) => onProgress(Math.min(1, bytes / file.size)); // the other fields are few bytes
  await sendBody({ method: "POST", url: upload.url, body, onSent, signal });
  return upload;
}

function formOf(fields, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file); // S3 ignores what comes after the file
  return form;
}
