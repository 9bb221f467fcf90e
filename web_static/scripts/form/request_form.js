/** What goes into a request (prompt, files, options) and the primary action that sends it. */
import { refusalWords } from "../describe/describe_refusal.js";
import { part } from "../lib/dom.js";
import { makeFileField, makeParamsForm } from "./lazy_fields.js";
import { makeHeldBack } from "./pending_submit.js";
import { mountPromptField } from "./prompt_field.js";
import { mountRunBar } from "./run_bar.js";
import { isCancellable } from "../request/request_state.js";
import { t } from "../lib/text.js";

const WAITING = { parts: "form.opening", fetching: "form.uploading", recording: "form.recording_ends", files: "form.uploading" };

/**
 * Mount the form. `onSubmit(input)` hears valid inputs; `onDraft(draft)` every change; `onCancel()` the
 * press of Cancel; `onFocusLost()` when a button goes while it has the focus.
 */
export function mountRequestForm(root, space, { onSubmit, onDraft, onCancel, onFocusLost }) {
  const state = { busy: false, rules: null };
  const prompt = mountPromptField(root, { onChange: changed, onRun: submit });
  const params = makeParamsForm(part(root, "options"), { onChange: changed, onReady: partReady });
  const files = makeFileField(part(root, "files"), space, { onChange: filesChanged, onReady: partReady });
  const held = makeHeldBack({ read: readEditable, onEdited: () => runBar.endWait("form.changed") });
  const runBar = mountRunBar(root, { onCancel, onStopWaiting: () => stopWaiting("form.not_sent"), onFocusLost });

  function submit() {
    if (held.is("fetching")) return;
    held.drop();
    runBar.endWait();
    if (state.busy) return;
    if (!(files.isReady() && params.isReady())) return waitFor("parts");
    if (files.phase() === "recording") return endRecording();
    if (!isFitting()) return;
    if (files.phase() === "failed") files.showProblem([t("files.failed_first")]);
    if (files.phase() === "uploading") waitFor("files");
    if (files.phase() === "ready") onSubmit({ prompt: prompt.text().trim(), files: files.uploaded(), params: params.values() });
  }

  function isFitting() {
    const empty = state.rules && prompt.text().trim() === "" && files.all().length === 0;
    if (empty) files.showProblem([t("form.nothing")]);
    return !empty && prompt.check({ optional: state.rules !== null }) && params.check();
  }

  function waitFor(cause) {
    held.hold(cause);
    runBar.wait(WAITING[cause]);
  }

  function stopWaiting(words) {
    if (!held.isHeld()) return;
    held.drop();
    runBar.endWait(words);
  }

  // While parts are opened, only the prompt can be edited; a recording that ends brings a file of its own.
  function readEditable(cause) {
    const edited = [prompt.text(), cause === "parts" ? null : params.values()];
    return cause === "files" || cause === "fetching" ? [...edited, files.all().map(({ key }) => key)] : edited;
  }

  function changed() {
    onDraft({ prompt: prompt.text(), files: uploaded(), params: params.values() });
    held.check();
  }

  // Run was pressed while files were on their way: it is sent as soon as they are there.
  function filesChanged() {
    changed();
    if (held.is("files") && files.phase() !== "uploading") submit();
  }

  // Run was pressed while sound was recorded: the recording goes with it, or nothing does.
  async function endRecording() {
    waitFor("recording");
    const added = await files.endRecording();
    if (!held.is("recording")) return;
    if (added) submit();
    else stopWaiting("form.not_sent");
  }

  /** Send what the form holds with files that are still fetched; given up when somebody edits meanwhile. */
  async function submitWith(fetched) {
    waitFor("fetching");
    try {
      const list = await fetched;
      if (!held.is("fetching")) return;
      held.drop();
      await files.add(list);
      submit();
    } catch (error) {
      stopWaiting("form.not_sent");
      throw error;
    }
  }

  // Run was pressed while files or options were still being opened.
  function partReady() {
    if (held.is("parts")) submit();
  }

  const uploaded = () => files.uploaded().filter(({ upload_id: id }) => id !== null);

  function update({ request, space: view }) {
    state.busy = request.phase === "sending" || request.phase === "opening" || isCancellable(request);
    if (state.busy) stopWaiting("form.not_sent"); // another request was opened meanwhile
    runBar.update(request);
    if (view) updateFields(view);
  }

  function updateFields({ features, limits, files: rules, params_schema: schema }) {
    const takesPrompt = features.includes("prompt") || !rules;
    state.rules = rules ?? null;
    prompt.update({ shown: takesPrompt, limit: limits.max_prompt_bytes, optional: Boolean(rules) });
    files.update(rules ?? null);
    params.update(schema);
    runBar.offerKeys(takesPrompt);
  }

  root.addEventListener("submit", (event) => (event.preventDefault(), submit()));
  // A draft keeps what is uploaded; a recording or a file on its way goes with the page.
  window.addEventListener("beforeunload", (event) => files.phase() !== "ready" && event.preventDefault());
  return {
    update,
    submit,
    focus: () => (prompt.isShown() ? prompt.focus() : part(root, "choose").focus()),
    /** Put a draft ({prompt, files, params}) into the form. */
    fill(draft) {
      params.fill(draft.params ?? {});
      files.restore((draft.files ?? []).filter((file) => file.upload_id));
      prompt.setText(draft.prompt ?? ""); // last: it tells the draft, which is then whole
    },
    isFetching: () => held.is("fetching"),
    submitWith,
    clearFiles: files.clear,
    holds: () => ({ prompt: prompt.text().trim(), files: uploaded(), params: params.values() }),
    /** Say at the right place why the gateway did not take the input. */
    showRefusal(error) {
      const { errorType } = error;
      const words = refusalWords(error);
      if (errorType === "upload_missing") files.renew();
      const aboutFiles = errorType?.startsWith("file_") || errorType === "upload_missing";
      if (aboutFiles && state.rules) files.showProblem([words]);
      else prompt.showProblem(words);
    },
  };
}
