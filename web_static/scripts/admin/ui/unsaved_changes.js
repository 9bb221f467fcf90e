/** Asks before changes that were not saved are left behind. */
import { t } from "../../lib/text.js";

let dirty = () => false;

/** From now on `isDirty()` says whether there are changes; until `signal` ends. */
export function guardUnsaved(isDirty, signal) {
  dirty = isDirty;
  window.addEventListener("beforeunload", (event) => isDirty() && event.preventDefault(), { signal });
  signal.addEventListener("abort", () => (dirty = () => false));
}

/** Whether one may go to another view: nothing is unsaved, or the person says so. */
export const mayLeave = () => !dirty() || window.confirm(t("admin.leave_unsaved"));
