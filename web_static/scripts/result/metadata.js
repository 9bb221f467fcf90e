/** The metadata below an answer: confidence, model, times, tokens, worker, id. */
import { h, show } from "../lib/dom.js";
import { duration, number, percentage } from "../lib/format.js";
import { t } from "../lib/text.js";

/** Mount the list; `update(request)` fills it once the request has ended. */
export function mountMetadata(root) {
  let shown = null;

  function update(request) {
    const result = request.phase === "ended" ? request.result : null;
    if (result === shown) return;
    shown = result;
    show(root, result !== null);
    root.replaceChildren(...(result ? metadataOf(result).filter(([, value]) => value !== null).map(fact) : []));
  }

  return { update };
}

/** @returns {[string, any][]} */
function metadataOf(result) {
  const { confidence, model, metrics, usage, worker_id: worker, attempt, request_id: id } = result;
  return [
    ["confidence", given(confidence, percentage)],
    ["model", model ?? null],
    ["inference_time", given(metrics?.inference_time, duration)],
    ["queue_time", given(metrics?.queue_time, duration)],
    ["tokens", usage ? tokenWords(usage) : null],
    ["worker", worker ?? null],
    ["attempt", attempt > 1 ? number(attempt) : null],
    ["request", h("code", {}, id)],
  ];
}

const given = (value, format) => (value === null || value === undefined ? null : format(value));

function tokenWords({ input_tokens: input, output_tokens: output, total_tokens: total }) {
  const values = { input: given(input, number), output: given(output, number), total: given(total, number) };
  const parts = values.input !== null && values.output !== null;
  if (parts) return t(values.total === null ? "metadata.tokens_in_out" : "metadata.tokens_all", values);
  return values.total === null ? null : t("metadata.tokens_total", values);
}

function fact([name, value]) {
  const wide = name === "request" ? "is-wide" : null;
  return h("div", { class: wide }, h("dt", {}, t(`metadata.${name}`)), h("dd", {}, value));
}
