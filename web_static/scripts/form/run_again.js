/** Runs an input from elsewhere: that of an earlier request, or an example. Files that this page did not upload are downloaded. */
import { announce } from "../lib/announce.js";
import { isSameJson } from "../lib/exact_json.js";
import { t } from "../lib/text.js";

class FileGone extends Error {}

/** Put the input of a request into the form and send it. */
export async function runAgain({ input, result }, form) {
  if (isHeld(input, form.values())) form.submit();
  else if (!form.isFetching()) await runEarlier(input, result, form);
}

function runEarlier(input, result, form) {
  const files = input.files ?? [];
  if (files.every(({ upload_id: id }) => id)) return fillAndSubmit({ ...input, files }, [], form);
  return fillAndSubmit({ ...input, files: [] }, result.input.files, form);
}

/**
 * Fill the form with an input and send it with files that are downloaded first. `words` are the texts for files that
 * are no longer there, and for those that could not be loaded.
 */
export async function fillAndSubmit(input, files, form, words = { gone: "files.gone", notLoaded: "files.not_loaded" }) {
  form.clearFiles();
  form.fill(input);
  if (files.length === 0) {
    form.submit();
    return;
  }
  try {
    await form.submitWith(Promise.all(files.map(fetchFile)));
  } catch (error) {
    if (!(error instanceof FileGone || error instanceof TypeError)) throw error;
    showFailure(form, t(error instanceof FileGone ? words.gone : words.notLoaded));
  }
}

function showFailure(form, words) {
  form.showRefusal({ errorType: "file_gone", detail: words });
  announce(words);
}

const isHeld = (input, held) =>
  (input.prompt ?? "") === held.prompt && idsOf(input) === idsOf(held) && isSameJson(input.params ?? {}, held.params);

const idsOf = ({ files = [] }) => files.map(({ name, upload_id: id }) => id ?? `unknown ${name}`).join();

// S3 sends CORS headers only when it is asked across origins, so what an <img> left in the cache cannot be read.
async function fetchFile({ url, name, content_type: type }) {
  const answer = await fetch(url, { cache: "no-store" }); // without a connection, this throws a TypeError
  if (!answer.ok) throw new FileGone(`${answer.status}`);
  return new File([await answer.blob()], name, { type });
}
