/** Formats numbers, durations and times for people. */
import { wholeOf } from "./exact_json.js";
import { language, t } from "./text.js";

/** The regional variant of the chosen language that the browser prefers. */
export const locale = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language())) ?? language();
const clockTime = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
const dayAndTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const twoDecimals = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const exact = new Intl.NumberFormat(locale, { maximumSignificantDigits: 21 });
const several = new Intl.ListFormat(locale, { style: "narrow" });
const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });

/** A measured duration in seconds: tenths below ten seconds, hundredths below a tenth. */
export function duration(seconds) {
  if (seconds < 0.01) return t("time.under", { count: twoDecimals.format(0.01) });
  if (seconds >= 9.95) return roughDuration(seconds);
  const format = seconds < 0.1 ? twoDecimals : oneDecimal;
  return t("time.seconds", { count: format.format(seconds) });
}

/** A duration without fractions, for counters and estimates. */
export function roughDuration(seconds) {
  const known = Math.max(0, Math.round(seconds));
  if (known < 60) return t("time.seconds", { count: known });
  if (known < 3600) return minutes(Math.floor(known / 60), known % 60);
  if (known < 172_800) return hours(Math.round(known / 60));
  return t("time.days", { count: Math.round(known / 86_400) });
}

function minutes(count, seconds) {
  if (seconds === 0) return t("time.minutes", { count });
  return t("time.minutes_seconds", { minutes: count, seconds });
}

function hours(allMinutes) {
  const values = { hours: Math.floor(allMinutes / 60), minutes: allMinutes % 60 };
  return values.minutes === 0 ? t("time.hours", { count: values.hours }) : t("time.hours_minutes", values);
}

/** The time of day; with the date if it is more than twelve hours away. */
export function dateTime(milliseconds, now = Date.now()) {
  const near = Math.abs(now - milliseconds) < 12 * 3_600_000;
  return (near ? clockTime : dayAndTime).format(milliseconds);
}

/** How far away a time is: "in 4 s" or "now". */
export function relativeTime(time, now) {
  const seconds = Math.ceil((time - now) / 1000);
  return seconds > 0 ? t("time.in", { duration: roughDuration(seconds) }) : t("time.now");
}

/** A share from 0 to 1 as a percentage. */
export function percentage(value) {
  return share.format(value);
}

/** A whole number with thousands separators. */
export function number(value) {
  return whole.format(value);
}

/**
 * A number with all its digits.
 * @param {number | import("./exact_json.js").ExactNumber} value
 */
export function exactNumber(value) {
  const digits = wholeOf(value);
  return digits === null ? exact.format(/** @type {Intl.StringNumericLiteral} */ (String(value))) : whole.format(digits);
}

/** Names in one line: "WAV, MP3". */
export function listed(names) {
  return several.format(names);
}

/** A size in bytes. */
export function size(bytes) {
  if (bytes < 1024) return t("size.bytes", { count: bytes });
  const kilobytes = bytes / 1024;
  if (kilobytes < 1000) return t("size.kilobytes", { count: oneDecimal.format(kilobytes) });
  return t("size.megabytes", { count: oneDecimal.format(kilobytes / 1024) });
}

/** The size of a text in UTF-8. */
export function utf8Bytes(text) {
  return new TextEncoder().encode(text).length;
}
