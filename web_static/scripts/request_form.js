/** What goes into a request (prompt, files, options) and the primary action that sends it. */
import { refusalWords } from "./describe_refusal.js";
import { part, setText, show } from "./dom.js";
import { makeFileField, makeParamsForm } from "./form_parts.js";
import { mountPromptField } from "./prompt_field.js";
import { mountRunBar } from "./run_bar.js";
import { isCancellable } from "./request_state.js";
import { t } from "./text.js";

/**
 * Mount the form. `onSubmit(input)` hears valid inputs; `onDraft(draft)` every change; `onCancel()` the
 * press of Cancel; `onFocusLost()` when a button goes while it has the focus.
 */
export function mountRequestForm(root, space, { onSubmit, onDraft, onCancel, onFocusLost }) {
  const state = { busy: false, rules: null, awaitsFiles: false, awaitsParts: false };
  const tellDraft = () => onDraft({ prompt: prompt.text(), files: uploaded(), params: params.values() });
  const prompt = mountPromptField(root, { onChange: tellDraft, onRun: submit });
  const params = makeParamsForm(part(root, "options"), { onChange: tellDraft, onReady: partReady });
  const files = makeFileField(part(root, "files"), space, { onChange: filesChanged, onReady: partReady });
  const runBar = mountRunBar(root, { onCancel, onFocusLost });

  function submit() {
    if (state.busy) return;
    state.awaitsParts = !(files.isReady() && params.isReady());
    runBar.updateWaiting(state.awaitsParts ? "form.opening" : null);
    if (state.awaitsParts) return;
    if (state.rules && prompt.text().trim() === "" && files.all().length === 0) return files.showProblem([t("form.nothing")]);
    const fitting = prompt.check({ optional: state.rules !== null }) && params.check();
    state.awaitsFiles = fitting && files.phase() === "uploading";
    if (fitting && files.phase() === "failed") files.showProblem([t("files.failed_first")]);
    if (fitting && files.phase() === "ready") onSubmit({ prompt: prompt.text().trim(), files: files.uploaded(), params: params.values() });
    runBar.updateWaiting(state.awaitsFiles ? "form.uploading" : null);
  }

  // Run was pressed while files were on their way: it is sent as soon as they are there.
  function filesChanged() {
    tellDraft();
    if (!state.awaitsFiles || files.phase() === "uploading") return;
    state.awaitsFiles = false;
    runBar.updateWaiting(null);
    submit();
  }

  // Run was pressed while files or options were still being opened.
  function partReady() {
    if (state.awaitsParts) submit();
  }

  const uploaded = () => files.uploaded().filter(({ upload_id: id }) => id !== null);

  function update({ request, space: view }) {
    state.busy = request.phase === "sending" || request.phase === "opening" || isCancellable(request);
    runBar.update(request);
    if (view) updateFields(view);
  }

  function updateFields({ features, limits, files: rules, params_schema: schema }) {
    const takesPrompt = features.includes("prompt") || !rules;
    state.rules = rules ?? null;
    prompt.update({ shown: takesPrompt, limit: limits.max_prompt_bytes, optional: Boolean(rules) });
    files.update(rules ?? null);
    params.update(schema);
    setText(part(root, "keys"), takesPrompt ? runBar.keyWords : "");
    show(part(root, "keys"), takesPrompt && !state.busy);
  }

  root.addEventListener("submit", (event) => (event.preventDefault(), submit()));
  return {
    update,
    submit,
    focus: () => (prompt.isShown() ? prompt.focus() : part(root, "choose").focus()),
    /** Put a draft ({prompt, files, params}) into the form. */
    fill(draft) {
      prompt.setText(draft.prompt ?? "");
      params.fill(draft.params ?? {});
      files.restore((draft.files ?? []).filter((file) => file.upload_id));
    },
    addFiles: (list) => files.add(list),
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
