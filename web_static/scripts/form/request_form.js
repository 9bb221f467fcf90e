/** The request form: prompt, files, options, and the button that sends them. */
import { closedReason } from "../describe/describe_space.js";
import { refusalWords } from "../describe/describe_refusal.js";
import { part, setText, show } from "../lib/dom.js";
import { utf8Bytes } from "../lib/format.js";
import { stringifyExact } from "../lib/exact_json.js";
import { mountFoldedForm } from "./folded_form.js";
import { makeFileField, makeParamsForm } from "./lazy_fields.js";
import { makePendingSubmit } from "./pending_submit.js";
import { mountPromptField } from "./prompt_field.js";
import { mountRunBar } from "./run_bar.js";
import { isCancellable } from "../request/request_state.js";
import { t } from "../lib/text.js";

const WAITING = { parts: "form.opening", fetching: "form.uploading", recording: "form.recording_ends", files: "form.uploading" };

/**
 * Mount the form. `onSubmit(input)` gets valid inputs, `onDraft(draft)` every change; `onCancel()` is called when
 * Cancel is pressed, `onFocusLost()` when the focused button disappears.
 */
export function mountRequestForm(root, space, { onSubmit, onDraft, onCancel, onFocusLost }) {
  /** @type {Json} */
  const state = { busy: false, closed: null, rules: null, known: false };
  /** @type {(() => void)[]} */
  const waiting = [];
  const prompt = mountPromptField(root, { onChange: changed, onRun: submit });
  const params = makeParamsForm(part(root, "options"), { onChange: changed, onReady: partReady });
  const files = makeFileField(part(root, "files"), space, { onChange: filesChanged, onReady: partReady });
  const pending = makePendingSubmit({ read: readEditable, onEdited: () => runBar.endWait("form.changed") });
  const folded = mountFoldedForm(root, focus);
  const runBar = mountRunBar(root, { onCancel, onStopWaiting: () => stopWaiting("form.not_sent"), onFocusLost });

  function submit() {
    if (pending.is("fetching")) return;
    pending.drop();
    runBar.endWait();
    if (state.busy || state.closed) return;
    if (!(files.isReady() && params.isReady())) waitFor("parts");
    else if (files.phase() === "recording") endRecording();
    else if (isValid()) send();
  }

  function send() {
    if (state.rules) files.showProblem([]); // what was not added before is no news now
    if (files.phase() === "failed") files.showProblem([t(files.canRetry() ? "files.failed_first" : "files.failed_lasting")]);
    if (files.phase() === "uploading") waitFor("files");
    if (files.phase() === "ready") sendInput({ prompt: prompt.text().trim(), files: files.uploaded(), params: params.values() });
  }

  function sendInput(input) {
    folded.fold(input);
    onSubmit(input);
  }

  function focus() {
    folded.unfold();
    if (prompt.isShown()) prompt.focus();
    else part(root, "choose").focus();
  }

  function isValid() {
    const empty = state.rules && prompt.text().trim() === "" && files.all().length === 0;
    if (empty) files.showProblem([t("form.nothing")]);
    return !empty && prompt.check({ optional: state.rules !== null }) && params.check();
  }

  function waitFor(cause) {
    pending.hold(cause);
    runBar.wait(WAITING[cause]);
  }

  function stopWaiting(words) {
    if (!pending.isPending()) return;
    pending.drop();
    runBar.endWait(words);
  }

  // While fields are loading, only the prompt can be edited; a recording that ends adds a file of its own.
  function readEditable(cause) {
    const edited = [prompt.text(), cause === "parts" ? null : params.values()];
    return cause === "files" || cause === "fetching" ? [...edited, files.all().map(({ key }) => key)] : edited;
  }

  function changed() {
    onDraft({ prompt: prompt.text(), files: uploaded(), params: params.values() });
    pending.check();
  }

  // If Run was pressed during uploads, send the request as soon as they are done.
  function filesChanged() {
    changed();
    if (pending.is("files") && files.phase() !== "uploading") submit();
  }

  // If Run was pressed during a recording, send the request with the recording or not at all.
  async function endRecording() {
    waitFor("recording");
    const added = await files.endRecording();
    if (!pending.is("recording")) return;
    if (added) submit();
    else stopWaiting("form.not_sent");
  }

  /** Send the form's values with files that are still being downloaded; dropped if the user edits them meanwhile. */
  async function submitWith(fetched) {
    waitFor("fetching");
    try {
      const list = await fetched;
      if (!pending.is("fetching")) return;
      pending.drop();
      await files.add(list);
      submit();
    } catch (error) {
      stopWaiting("form.not_sent");
      throw error;
    }
  }

  // Run was pressed while files or options were still loading.
  function partReady() {
    if (pending.is("parts")) submit();
    settle();
  }

  const isComplete = () => state.known && files.isReady() && params.isReady();

  function settle() {
    if (isComplete()) waiting.splice(0).forEach((act) => act());
  }

  const uploaded = () => files.uploaded().filter(({ upload_id: id }) => id !== null);

  function update({ request, space: view }) {
    state.busy = request.phase === "sending" || request.phase === "opening" || isCancellable(request);
    if (state.busy) stopWaiting("form.not_sent"); // another request was opened meanwhile
    runBar.update(request);
    if (!view) return;
    state.closed = closedReason(view);
    runBar.close(state.closed);
    updateFields(view);
    state.known = true;
    settle();
  }

  // The gateway counts prompt and options together, as JSON.
  function inputBytes(text) {
    const options = params.isReady() ? params.values() : {};
    const input = { ...(text && { prompt: text }), ...(Object.keys(options).length > 0 && { params: options }) };
    return utf8Bytes(stringifyExact(input));
  }

  function updateFields({ features, limits, files: rules, params_schema: schema, endpoints = [] }) {
    const onlyCalls = features.includes("call") && !features.includes("prompt") && !rules;
    const takesPrompt = features.includes("prompt") || !(rules || onlyCalls);
    setText(part(root, "only-calls"), onlyCalls ? callWords(space, endpoints) : "");
    show(part(root, "only-calls"), onlyCalls);
    show(part(root, "run-bar"), !onlyCalls);
    state.rules = rules ?? null;
    prompt.update({ shown: takesPrompt, limit: limits.max_input_bytes, optional: Boolean(rules), bytesOf: inputBytes });
    files.update(rules ?? null);
    params.update(onlyCalls ? null : schema);
    runBar.offerShortcut(takesPrompt);
  }

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  // A draft keeps uploaded files; a recording or an unfinished upload is lost with the page.
  window.addEventListener("beforeunload", (event) => files.phase() !== "ready" && event.preventDefault());
  return {
    update,
    submit,
    focus,
    unfold: folded.unfold,
    /** Call `act` once the form has all its fields, and so its height. */
    onceComplete(act) {
      waiting.push(act);
      settle();
    },
    /** Fill the form with a draft ({prompt, files, params}). */
    fill(draft) {
      params.fill(draft.params ?? {});
      files.restore((draft.files ?? []).filter((file) => file.upload_id));
      prompt.setText(draft.prompt ?? ""); // last: it reports the draft, which is complete now
    },
    isFetching: () => pending.is("fetching"),
    submitWith,
    clearFiles: files.clear,
    values: () => ({ prompt: prompt.text().trim(), files: uploaded(), params: params.values() }),
    /** Show at the right field why the gateway rejected the input. */
    showRefusal(error) {
      const { errorType } = error;
      folded.unfold();
      const words = refusalWords(error);
      if (errorType === "upload_missing") files.renew();
      const aboutFiles = errorType?.startsWith("file_") || errorType === "upload_missing";
      if (aboutFiles && state.rules) files.showProblem([words]);
      else prompt.showProblem(words);
    },
  };
}

// A space of calls alone has no form: the gateway would refuse what it sends.
function callWords(space, endpoints) {
  const served = endpoints.join(", ");
  return served === "" ? t("form.no_endpoints", { space }) : t("form.only_calls", { space, endpoints: served });
}
