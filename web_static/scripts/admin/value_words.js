/** A setting's value as a person reads it. */
import { number } from "../format.js";
import { t } from "../text.js";

/** Words for any value that settings and audit entries hold. */
export function valueWords(value) {
  if (value === null || value === undefined || value === "") return t("admin.value.none");
  if (value === true) return t("admin.value.yes");
  if (value === false) return t("admin.value.no");
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return value.length > 0 ? value.map(valueWords).join(", ") : t("admin.value.none");
  if (typeof value === "object") return Object.entries(value).map(([name, each]) => `${name}: ${valueWords(each)}`).join(", ");
  return String(value);
}
