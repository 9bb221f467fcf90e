/** A setting's value as a person reads it. */
import { locale, number } from "../../lib/format.js";
import { t } from "../../lib/text.js";

const list = new Intl.ListFormat(locale, { type: "conjunction" });

/** Several words as one phrase, joined as the language does. */
export const listWords = (words) => list.format(words);

/** Words for any value that settings and audit entries hold. */
export function valueWords(value) {
  if (value === null || value === undefined || value === "") return t("admin.value.none");
  if (value === true) return t("admin.value.yes");
  if (value === false) return t("admin.value.no");
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return value.length > 0 ? listWords(value.map(valueWords)) : t("admin.value.none");
  if (typeof value === "object") return Object.entries(value).map(([name, each]) => `${name}: ${valueWords(each)}`).join(", ");
  return String(value);
}
