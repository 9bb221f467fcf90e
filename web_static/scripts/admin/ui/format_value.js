/** Formats the values of settings for people. */
import { locale, number } from "../../lib/format.js";
import { t } from "../../lib/text.js";

const list = new Intl.ListFormat(locale, { type: "conjunction" });

/** Join words as the language does: "a, b and c". */
export const formatList = (words) => list.format(words);

/** Format any value that settings and audit entries can hold. */
export function formatValue(value) {
  if (value === null || value === undefined || value === "") return t("admin.value.none");
  if (value === true) return t("admin.value.yes");
  if (value === false) return t("admin.value.no");
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return value.length > 0 ? formatList(value.map(formatValue)) : t("admin.value.none");
  if (typeof value === "object") return Object.entries(value).map(([name, each]) => `${name}: ${formatValue(each)}`).join(", ");
  return String(value);
}
