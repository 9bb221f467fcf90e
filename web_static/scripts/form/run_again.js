/** Runs the input of a request again; files whose uploads this page does not know are downloaded from the result. */
import { announce } from "../lib/announce.js";
import { isSameJson } from "../lib/exact_json.js";
import { t } from "../lib/text.js";

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
    if (!(error instanceof TypeError)) throw error;
    form.showRefusal({ errorType: "file_gone", detail: t("files.gone") });
    announce(t("files.gone"));
  }
}

const isHeld = (input, held) =>
  (input.prompt ?? "") === held.prompt && idsOf(input) === idsOf(held) && isSameJson(input.params ?? {}, held.params);

const idsOf = ({ files = [] }) => files.map(({ name, upload_id: id }) => id ?? `unknown ${name}`).join();

async function fetchFile({ url, name, content_type: type }) {
  const answer = await fetch(url);
  if (!answer.ok) throw new TypeError(`The file could not be read: ${answer.status}`);
  return new File([await answer.blob()], name, { type });
}
