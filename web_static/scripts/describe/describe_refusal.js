/** Why the gateway did not take a request, in words. Pure. */
import { moment, whenWords } from "../lib/format.js";
import { hasText, t } from "../lib/text.js";

const NEARBY = { queue_full: "warn", rate_limited: "warn", no_worker: "warn" };

/** Describe a refusal: what, why, until when, and the id to quote; `view` is {now, space, spaceAt}. */
export function describeRefusal({ error, at }, { now, space, spaceAt }) {
  if (error.errorType === "no_worker" && space?.connected && spaceAt > at) return workerCame(error);
  const name = nameOf(error);
  const headline = t(`refused.${name}`);
  const words = [reason(name, error), untilWords(error.retryAt, now), idWords(error)].filter(Boolean);
  return { key: `refused ${name} ${error.retryAt}`, tone: NEARBY[name] ?? "bad", icon: "warning", headline, words };
}

function workerCame(error) {
  const words = [t("refused.worker_came_words")];
  return { key: `worker came ${error.retryAt}`, tone: "good", icon: "check", headline: t("refused.worker_came"), words };
}

function nameOf({ errorType, status }) {
  if (errorType && hasText(`refused.${errorType}`)) return errorType;
  if (status === 429) return "rate_limited";
  return status >= 500 ? "system" : "other";
}

const reason = (name, error) => (name === "other" ? refusalWords(error) : t(`refused.${name}_words`));

/** Why the gateway did not take something, in the page's language; its own words only where the page has none. */
export function refusalWords({ errorType, status = 0, detail }) {
  const key = `refused.${errorType}_words`;
  if (hasText(key)) return t(key, { detail });
  return (status >= 500 ? t("refused.system_words") : detail) || t("refused.other");
}

function untilWords(retryAt, now) {
  if (retryAt === null) return null;
  if (retryAt <= now) return t("refused.now");
  return t("refused.until", { time: moment(retryAt, now), when: whenWords(retryAt, now) });
}

const idWords = ({ requestId }) => (requestId ? t("result.quote", { id: requestId }) : null);
