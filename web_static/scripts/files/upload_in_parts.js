/** Uploads large files in parts, and remembers those that did not get to their end. */
import { abortUpload } from "../api/api.js";
import { sendParts } from "./send_parts.js";

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
