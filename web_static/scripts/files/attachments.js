/** The files of the next request: chosen, uploading, uploaded or failed. Uses no elements. */
import { GatewayError } from "../api/api.js";
import { refusalWords } from "../describe/describe_refusal.js";
import { shortenName, refusalOf } from "./file_rules.js";
import { UnreadableFile } from "./readable.js";
import { typeOfFile } from "./media_types.js";
import { t } from "../lib/text.js";
import { uploadFile } from "./upload_file.js";

const CHANGED = new Set(["EntityTooLarge", "EntityTooSmall"]); // what S3 says of a file that has not its announced size
const PASSING = new Set([401, 408, 429]);

/**
 * Make the list. An attachment is {key, name, size, type, file, phase, share, delayed, problem, canRetry, uploadId};
 * phase is "uploading", "ready" or "failed"; `canRetry` says whether a failed one may be uploaded after all; `file` is null if an earlier load of this page uploaded it. `onChange()` is
 * called after every change, `onRefused(sentences)` with the reasons for rejected files.
 */
export function makeAttachments(space, { onChange, onRefused }) {
  let attachments = [];
  let nextKey = 1;

  function add({ files, folders = [] }, rules) {
    const refusals = folders.map((name) => t("files.folder", { name }));
    for (const file of files) {
      const refusal = refusalOf(file, rules, attachments.length);
      if (refusal) refusals.push(refusal);
      else start(file);
    }
    onRefused(refusals);
    onChange();
  }

  function start(file) {
    const attachment = { key: nextKey++, name: shortenName(file.name), size: file.size, type: typeOfFile(file), file };
    attachments = [...attachments, attachment];
    upload(attachment);
  }

  async function upload(attachment) {
    const stop = new AbortController();
    const change = (changes) => stop.signal.aborted || (Object.assign(attachment, changes), onChange());
    Object.assign(attachment, { phase: "uploading", share: 0, delayed: null, problem: null, uploadId: null, stop });
    try {
      const uploadId = await uploadFile({
        ...{ space, file: attachment.file, name: attachment.name, type: attachment.type, signal: stop.signal },
        onProgress: (share) => change({ share, delayed: null }),
        onDelay: ({ share, offline }) => change({ share, delayed: offline ? "offline" : "cut" }),
      });
      change({ phase: "ready", share: 1, uploadId });
    } catch (error) {
      if (stop.signal.aborted) return;
      change({ phase: "failed", ...failureOf(error) });
    }
  }

  function remove(key) {
    attachments.find((each) => each.key === key)?.stop?.abort();
    attachments = attachments.filter((each) => each.key !== key);
    onChange();
  }

  return {
    add,
    remove,
    retry(key) {
      upload(attachments.find((each) => each.key === key));
      onChange();
    },
    /** Put the files into the order of these keys. */
    order(keys) {
      attachments = attachments.toSorted((one, other) => keys.indexOf(one.key) - keys.indexOf(other.key));
      onChange();
    },
    clear: () => attachments.forEach(({ key }) => remove(key)),
    all: () => attachments,
    phase: () => phaseOf(attachments),
    /** Whether every upload that failed may succeed if it is tried again. */
    canRetry: () => attachments.every(({ phase, canRetry }) => phase !== "failed" || canRetry),
    uploaded: () => attachments.map(({ uploadId, name, size, type }) => ({ upload_id: uploadId, name, size, content_type: type })),
    restore(files) {
      const made = files.map((each) => ({ key: nextKey++, name: each.name, size: each.size, type: each.content_type, file: null, phase: "ready", share: 1, uploadId: each.upload_id }));
      attachments = [...attachments, ...made];
      onChange();
    },
    /** The gateway no longer knows these uploads: upload again every file that is still available. */
    renew() {
      attachments = attachments.filter(({ file }) => file !== null);
      for (const attachment of attachments) upload(attachment);
      onChange();
    },
  };
}

function phaseOf(attachments) {
  const phases = new Set(attachments.map(({ phase }) => phase));
  return ["failed", "uploading"].find((phase) => phases.has(phase)) ?? "ready";
}

function failureOf(error) {
  if (error instanceof UnreadableFile) return { problem: t(error.isGone ? "files.moved" : "files.unreadable"), canRetry: false };
  if (!(error instanceof GatewayError)) throw error;
  return { problem: problemOf(error), canRetry: isPassing(error) };
}

function problemOf(error) {
  const { reached, status, errorType } = error;
  if (!reached) return t("files.cut");
  if (CHANGED.has(errorType)) return t("files.changed");
  if (status === 429) return t("files.quota");
  return error.detail ? refusalWords(error) : t("files.refused");
}

// The storage names no reason that a person could know; a new upload address may help. The gateway names one.
function isPassing({ reached, status, errorType, detail }) {
  if (!reached || status >= 500 || PASSING.has(status)) return true;
  return !detail && !CHANGED.has(errorType);
}
