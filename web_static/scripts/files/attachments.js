/** The files of the next request: chosen, uploading, uploaded or failed. Uses no elements. */
import { GatewayError } from "../api/api.js";
import { refusalWords } from "../describe/describe_refusal.js";
import { shortenName, refusalOf } from "./file_rules.js";
import { typeOfFile } from "./media_types.js";
import { t } from "../lib/text.js";
import { uploadFile } from "./upload_file.js";

/**
 * Make the list. An attachment is {key, name, size, type, file, phase, share, delayed, problem, uploadId}; phase
 * is "uploading", "ready" or "failed"; `file` is null if an earlier load of this page uploaded it. `onChange()` is
 * called after every change, `onRefused(sentences)` with the reasons for rejected files.
 */
export function makeAttachments(space, { onChange, onRefused }) {
  let attachments = [];
  let nextKey = 1;

  function add(files, rules) {
    const refusals = [];
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
      if (!(error instanceof GatewayError)) throw error;
      change({ phase: "failed", problem: problemOf(error) });
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
    clear: () => attachments.forEach(({ key }) => remove(key)),
    all: () => attachments,
    phase: () => phaseOf(attachments),
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

function problemOf(error) {
  const { reached, status, errorType } = error;
  if (!reached) return t("files.cut");
  if (errorType === "EntityTooLarge" || errorType === "EntityTooSmall") return t("files.changed");
  if (status === 429) return t("files.quota");
  if (error.detail) return refusalWords(error);
  return status === 403 ? t("files.refused_late") : t("files.refused");
}
