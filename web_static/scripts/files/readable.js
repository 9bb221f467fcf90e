/** Finds out whether a chosen file can still be read. Browsers report one that cannot as a lost connection. */

/** A file that was moved or deleted (`isGone`), or changed, after it was chosen; only choosing it again helps. */
export class UnreadableFile extends Error {
  /** @param {DOMException} cause */
  constructor(cause) {
    super(cause.message);
    this.isGone = cause.name === "NotFoundError";
  }
}

/**
 * Call `send`. If the network failed, read one byte of the file, and throw an UnreadableFile if that fails too.
 * @template T
 * @param {Blob} file
 * @param {() => Promise<T>} send
 */
export async function sendReadable(file, send) {
  try {
    return await send();
  } catch (error) {
    if (/** @type {any} */ (error).reached === false) await readOneByte(file);
    throw error;
  }
}

async function readOneByte(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch (error) {
    throw error instanceof DOMException ? new UnreadableFile(error) : error;
  }
}
