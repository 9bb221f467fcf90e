/** The progress that the worker reports while a request runs. */
import { part, setAttribute, setText, show } from "../lib/dom.js";
import { number, percentage } from "../lib/format.js";
import { t } from "../lib/text.js";

/** Mount the progress line; `update(request)` shows it if there is any. */
export function mountProgress(root) {
  function update(request) {
    const progress = runningProgress(request);
    show(root, progress !== null);
    if (progress === null) return;
    const share = shareOf(progress);
    setText(part(root, "progress-message"), progress.message ?? stepWords(progress) ?? "");
    setText(part(root, "progress-percent"), share === null ? "" : percentage(Math.round(share) / 100));
    show(part(root, "progress-bar"), share !== null);
    setAttribute(part(root, "progress-bar"), "value", share ?? 0);
  }

  return { update };
}

function runningProgress(request) {
  const running = request.phase === "open" && request.status.status === "IN_PROGRESS";
  return running ? (request.status.progress ?? null) : null;
}

function shareOf({ percent, step, total }) {
  if (percent !== null && percent !== undefined) return percent;
  return total > 0 && step !== null && step !== undefined ? Math.min(100, (step / total) * 100) : null;
}

function stepWords({ step, total }) {
  if (step === null || step === undefined) return null;
  return total ? t("result.step", { step: number(step), total: number(total) }) : t("result.step_alone", { step: number(step) });
}
