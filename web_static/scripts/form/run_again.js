/** Runs the input of a request again; files whose uploads this page does not know are downloaded from the result. */
import { announce } from "../lib/announce.js";
import { isSameJson } from "../lib/exact_json.js";
import { t } from "../lib/text.js";

class FileGone extends Error {}

/** Put the input of a request into the form and send it. */
export async function runAgain({ input, result }, form) {
  if (isHeld(input, form.values())) form.submit();
  else if (!form.isFetching()) await fillAndSubmit(input, result, form);
}

async function fillAndSubmit(input, result, form) {
  const files = input.files ?? [];
  form.clearFiles();
  form.fill({ ...input, files });
  if (files.every(({ upload_id: id }) => id)) {
    form.submit();
    return;
  }
  try {
    await form.submitWith(Promise.all(result.input.files.map(fetchFile)));
  } catch (error) {
    if (!(error instanceof FileGone || error instanceof TypeError)) throw error;
    const words = t(error instanceof FileGone ? "files.gone" : "files.not_loaded");
    form.showRefusal({ errorType: "file_gone", detail: words });
    announce(words);
  }
}

const isHeld = (input, held) =>
  (input.prompt ?? "") === held.prompt && idsOf(input) === idsOf(held) && isSameJson(input.params ?? {}, held.params);

const idsOf = ({ files = [] }) => files.map(({ name, upload_id: id }) => id ?? `unknown ${name}`).join();

async function fetchFile({ url, name, content_type: type }) {
  const answer = await fetch(url); // without a connection, this throws a TypeError
  if (!answer.ok) throw new FileGone(`${answer.status}`);
  return new File([await answer.blob()], name, { type });
}
