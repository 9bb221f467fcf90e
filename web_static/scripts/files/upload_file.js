/** Uploads one file directly to the storage, at an address from the gateway; retries after interruptions. */
import { beginUpload } from "../api/api.js";
import { sendReadable } from "./readable.js";
import { sendBody } from "./send_body.js";
import { retry } from "../api/retry.js";
import { resumeInParts, uploadInParts } from "./upload_in_parts.js";

const MAX_FAILURES = 3;

/**
 * Upload a file and return its upload id. `onProgress(share)` is called with the share sent so far;
 * `onDelay({share, offline})` when the connection was interrupted and the rest will be sent again. Calling this
 * again with a file that failed sends only its missing parts. Throws a GatewayError, an UnreadableFile, or the signal's
 * reason.
 */
export async function uploadFile({ space, file, name, type, onProgress, onDelay, signal }) {
  const path = { space, file, onProgress, onDelay, signal };
  const known = await resumeInParts(path);
  if (known) return known;
  const about = { space, name, content_type: type, size: file.size };
  const onCut = ({ offline }) => onDelay({ share: 0, offline });
  const upload = await retry(() => beginOrPost(about, path), { maxFailures: MAX_FAILURES, onDelay: onCut, signal });
  if (upload.multipart) await uploadInParts(upload, path);
  return upload.upload_id;
}

// For a file that is uploaded in parts, this only announces it.
async function beginOrPost(about, { file, onProgress, signal }) {
  const upload = await beginUpload(about, signal);
  if (upload.multipart) return upload;
  const body = formOf(upload.fields, file);
  const onSent = (bytes) => onProgress(Math.min(1, bytes / file.size)); // the other form fields are only a few bytes
  await sendReadable(file, () => sendBody({ method: "POST", url: upload.url, body, onSent, signal }));
  return upload;
}

function formOf(fields, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file); // S3 ignores everything after the file
  return form;
}
