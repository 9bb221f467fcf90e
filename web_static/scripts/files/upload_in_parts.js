/** Uploads large files in parts, two at a time, and resumes uploads that failed. */
import { abortUpload, completeUpload, missingParts } from "../api/api.js";
import { retry } from "../api/retry.js";
import { toLocal } from "../lib/server_clock.js";
import { sendReadable } from "./readable.js";
import { sendBody } from "./send_body.js";

const AT_ONCE = 2;
const MAX_FAILURES = 5;
const SPARE_MS = 30_000; // stop using an upload address this long before it expires
const begun = new WeakMap(); // by file

/** Upload all parts of a file announced as `upload`. */
export async function uploadInParts(upload, path) {
  const { space, file, signal } = path;
  const giveUp = () => {
    begun.delete(file);
    abortUpload(upload, space);
  };
  begun.set(file, upload);
  signal.addEventListener("abort", giveUp, { once: true }); // a failed file can still be removed
  try {
    await sendParts(upload, path);
  } catch (error) {
    if (/** @type {Json} */ (error).errorType === "upload_missing") begun.delete(file);
    throw error;
  }
  begun.delete(file);
  signal.removeEventListener("abort", giveUp);
}

/** Resume a failed upload and return its id; null if there is none, or the gateway no longer knows it. */
export async function resumeInParts(path) {
  const upload = begun.get(path.file);
  if (!upload) return null;
  try {
    await uploadInParts({ ...upload, multipart: { ...upload.multipart, parts: null } }, path);
    return upload.upload_id;
  } catch (error) {
    if (/** @type {Json} */ (error).errorType !== "upload_missing") throw error;
    return null;
  }
}

/**
 * Send the missing parts, in rounds of as many as the gateway gave addresses for, and complete the file. `upload`
 * is the announcement; if `multipart.parts` is null, ask the gateway first which parts are missing.
 */
async function sendParts({ upload_id: id, multipart }, { space, file, onProgress, onDelay, signal }) {
  const named = { space, multipart_id: multipart.multipart_id };
  const progress = makeProgress(file.size, onProgress);
  const onCut = ({ offline }) => onDelay({ share: progress.share(), offline });
  const ask = (call) => retry(() => call(id, named, signal), { maxFailures: MAX_FAILURES, onDelay: onCut, signal });
  let left = multipart.parts ? multipart : await ask(missingParts);
  while (left.parts.length > 0) {
    progress.begin(left.arrived_bytes);
    await sendRound(left, { file, progress, onCut, signal });
    left = await ask(missingParts);
  }
  await ask(completeUpload);
}

// Ends early when the addresses expire: the next round has fresh ones.
async function sendRound(left, { file, progress, onCut, signal }) {
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const queue = [...left.parts];
  const lane = async () => {
    do {
      const part = queue.shift();
      if (part) await sendPart(part, left, { file, progress, onCut, signal: both });
    } while (queue.length > 0 && isFresh(left));
  };
  const stopOthers = (error) => {
    failed.abort(error);
    throw error;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, () => lane().catch(stopOthers)));
}

function sendPart({ number, offset, size, url }, left, { file, progress, onCut, signal }) {
  const body = file.slice(offset, offset + size);
  const onSent = (bytes) => progress.note(number, bytes);
  let tries = 0;
  const send = async () => {
    if (tries++ > 0 && !isFresh(left)) return; // still missing, so the next round includes it
    await sendReadable(body, () => sendBody({ method: "PUT", url, body, onSent, signal }));
  };
  const onDelay = (how) => {
    progress.drop(number);
    onCut(how);
  };
  return retry(send, { maxFailures: MAX_FAILURES, onDelay, signal });
}

const isFresh = (left) => Date.now() < /** @type {number} */ (toLocal(left.expires_at)) - SPARE_MS;

/** How much of the file has been sent: what had arrived before this round, and what the round has sent. */
function makeProgress(whole, onProgress) {
  let arrived = 0;
  const sent = new Map();
  const share = () => Math.min(1, [...sent.values()].reduce((sum, bytes) => sum + bytes, arrived) / whole);
  return {
    share,
    begin(bytes) {
      sent.clear();
      arrived = bytes;
    },
    note(number, bytes) {
      sent.set(number, bytes);
      onProgress(share());
    },
    drop: (number) => sent.delete(number),
  };
}
