/** Describes why the gateway rejected a request. Pure. */
import { dateTime, relativeTime } from "../lib/format.js";
import { hasText, t } from "../lib/text.js";

const TONES = { queue_full: "warn", rate_limited: "warn", no_worker: "warn" };

/** Describe a rejection: what, why, until when, and the id to quote; `view` is {now, space, spaceAt}. */
export function describeRefusal({ error, at }, { now, space, spaceAt }) {
  if (error.errorType === "no_worker" && space?.connected && spaceAt > at) return workerConnected(error);
  const name = nameOf(error);
  const headline = t(`refused.${name}`);
  const words = [reason(name, error), untilWords(error.retryAt, now), idWords(error)].filter(Boolean);
  return { key: `refused ${name} ${error.retryAt}`, tone: TONES[name] ?? "bad", icon: "warning", headline, words };
}

function workerConnected(error) {
  const words = [t("refused.worker_came_words")];
  return { key: `worker came ${error.retryAt}`, tone: "good", icon: "check", headline: t("refused.worker_came"), words };
}

function nameOf({ errorType, status }) {
  if (errorType && hasText(`refused.${errorType}`)) return errorType;
  if (status === 429) return "rate_limited";
  return status >= 500 ? "system" : "other";
}

const reason = (name, error) => (name === "other" ? refusalWords(error) : t(`refused.${name}_words`));

/**
 * Why the gateway rejected something, in the page's language; the gateway's own words only if the locale has none.
 */
export function refusalWords({ errorType, status = 0, detail }) {
  const key = `refused.${errorType}_words`;
  if (hasText(key)) return t(key, { detail });
  return (status >= 500 ? t("refused.system_words") : detail) || t("refused.other");
}

function untilWords(retryAt, now) {
  if (retryAt === null) return null;
  if (retryAt <= now) return t("refused.now");
  return t("refused.until", { time: dateTime(retryAt, now), when: relativeTime(retryAt, now) });
}

const idWords = ({ requestId }) => (requestId ? t("result.quote", { id: requestId }) : null);
