/** Uploads large files in parts, and remembers those that did not get to their end. */
import { abortUpload, completeUpload, missingParts } from "../api/api.js";
import { tryAgain } from "../api/retry.js";
import { toLocal } from "../lib/server_clock.js";
import { sendBody } from "./send_body.js";

const AT_ONCE = 2;
const MOST_TRIES = 5;
const SPARE_MS = 30_000; // so long before its end an address is not used any more
const begun = new WeakMap(); // by file

/** Send all parts of a file that was announced as `upload`. */
export async function uploadInParts(upload, path) {
  const { space, file, signal } = path;
  const giveUp = () => (begun.delete(file), abortUpload(upload, space));
  begun.set(file, upload);
  signal.addEventListener("abort", giveUp, { once: true }); // it may also be removed after it failed
  try {
    await sendParts(upload, path);
  } catch (error) {
    if (error.errorType === "upload_missing") begun.delete(file);
    throw error;
  }
  begun.delete(file);
  signal.removeEventListener("abort", giveUp);
}

/** Go on with a file that was begun before; gives its id, null if it was not, or is no longer known. */
export async function goOnInParts(path) {
  const upload = begun.get(path.file);
  if (!upload) return null;
  try {
    await uploadInParts({ ...upload, multipart: { ...upload.multipart, parts: null } }, path);
    return upload.upload_id;
  } catch (error) {
    if (error.errorType !== "upload_missing") throw error;
    return null;
  }
}

/**
 * Send them, in rounds of as many as the gateway gave addresses for, and complete the file. `upload` is
 * its announcement; without `multipart.parts` the gateway is asked first what is missing.
 */
async function sendParts({ upload_id: id, multipart }, { space, file, onProgress, onDelay, signal }) {
  const named = { space, multipart_id: multipart.multipart_id };
  const tally = makeTally(file.size, onProgress);
  const onCut = ({ offline }) => onDelay({ share: tally.share(), offline });
  const ask = (call) => tryAgain(() => call(id, named, signal), { most: MOST_TRIES, onDelay: onCut, signal });
  let left = multipart.parts ? multipart : await ask(missingParts);
  while (left.parts.length > 0) {
    tally.begin(left.arrived_bytes);
    await sendRound(left, { file, tally, onCut, signal });
    left = await ask(missingParts);
  }
  await ask(completeUpload);
}

// Ends early when the addresses do: the next round has fresh ones.
async function sendRound(left, { file, tally, onCut, signal }) {
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const queue = [...left.parts];
  const lane = async () => {
    do {
      const part = queue.shift();
      if (part) await sendPart(part, left, { file, tally, onCut, signal: both });
    } while (queue.length > 0 && isFresh(left));
  };
  const stopOthers = (error) => {
    failed.abort(error);
    throw error;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, () => lane().catch(stopOthers)));
}

function sendPart({ number, offset, size, url }, left, { file, tally, onCut, signal }) {
  const body = file.slice(offset, offset + size);
  const onSent = (bytes) => tally.note(number, bytes);
  let tries = 0;
  const send = async () => {
    if (tries++ > 0 && !isFresh(left)) return; // it is still missing, so the next round has it
    await sendBody({ method: "PUT", url, body, onSent, signal });
  };
  const onDelay = (how) => (tally.drop(number), onCut(how));
  return tryAgain(send, { most: MOST_TRIES, onDelay, signal });
}

const isFresh = (left) => Date.now() < toLocal(left.expires_at) - SPARE_MS;

/** How much of the whole file has gone: what had arrived before a round, and what the round has sent. */
function makeTally(whole, onProgress) {
  let arrived = 0;
  const sent = new Map();
  const share = () => Math.min(1, [...sent.values()].reduce((sum, bytes) => sum + bytes, arrived) / whole);
  return {
    share,
    begin: (bytes) => (sent.clear(), (arrived = bytes)),
    note: (number, bytes) => (sent.set(number, bytes), onProgress(share())),
    drop: (number) => sent.delete(number),
  };
}
