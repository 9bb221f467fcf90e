/** What is known of a request, as names and words. Pure. */
import { stringifyExact } from "../../lib/exact_json.js";
import { dateTime, duration, number, size, utf8Bytes } from "../../lib/format.js";
import { toLocal } from "../../lib/server_clock.js";
import { hasText, t } from "../../lib/text.js";

/** A request from the list (`entry`) and what it was given and answered (`result`) as one; either may be missing. */
export function joinRequest(entry, result) {
  const rest = result ? { ...result, ...result.times, queue_time: result.metrics?.queue_time } : {};
  return { ...rest, ...Object.fromEntries(Object.entries(entry ?? {}).filter(([, value]) => value !== null)), listed: entry !== null };
}

/** The facts of a joined request, as [name, words]; those that are not known are left out. */
export function factsOf(request) {
  const facts = Object.entries(FACTS).map(([name, wordsOf]) => [name, wordsOf(request)]);
  return facts.filter(([, words]) => words !== null && words !== undefined && words !== "");
}

/** The kind of a failure in words; null if there was none. */
export function errorWord({ error_type: type, error }) {
  if (!type && !error) return null;
  return hasText(`admin.error.${type}`) ? t(`admin.error.${type}`) : (type ?? t("admin.requests.error"));
}

const FACTS = {
  user: ({ owner, listed }) => owner ?? (listed ? t("admin.requests.anonymous") : null),
  accepted: ({ created_at: at }) => given(at, time),
  started: ({ started_at: at, queue_time: waited }) => timeAfter(at, waited),
  ended: ({ ended_at: at, run_time: ran }) => timeAfter(at, ran),
  worker: ({ worker_id: worker }) => worker,
  attempts: ({ attempt }) => given(attempt, number),
  input: ({ input }) => given(input, ({ body_bytes: bytes, files, ...texts }) => sizeWords(bytes ?? bytesOf(texts), files)),
  answer: ({ output }) => given(output, ({ files, ...texts }) => sizeWords(bytesOf(texts), files)),
  model: ({ model }) => model,
  tokens: ({ usage }) => given(usage?.total_tokens, number),
  webhook: ({ webhook }) => given(webhook, webhookWords),
};

const time = (at) => dateTime(toLocal(at));

const given = (value, format) => (value === null || value === undefined ? null : format(value));

function timeAfter(at, seconds) {
  if (!at) return null;
  return given(seconds, (known) => t("admin.drawer.after", { time: time(at), duration: duration(known) })) ?? time(at);
}

/** @param {Json} texts */
function bytesOf({ prompt, params, call, text, data }) {
  const parts = [prompt, params, call, text, data].filter((value) => value !== null && value !== undefined && value !== "");
  const texts = parts.map((value) => (typeof value === "string" ? value : stringifyExact(value)));
  return texts.filter((each) => each !== "{}").reduce((sum, each) => sum + utf8Bytes(each), 0);
}

function sizeWords(bytes, files = []) {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const words = [bytes > 0 ? size(bytes) : null, files.length > 0 ? t("admin.drawer.files", { count: files.length, size: size(total) }) : null];
  return words.filter(Boolean).join(" · ") || t("admin.drawer.empty");
}

function webhookWords({ state, tries, url }) {
  return t("admin.drawer.webhook_words", { state: t(`admin.drawer.webhook_${state}`), tries: t("admin.drawer.tries", { count: tries }), host: new URL(url).host });
}
