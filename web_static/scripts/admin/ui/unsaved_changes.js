/** Asks before unsaved changes are discarded. */
import { t } from "../../lib/text.js";

let dirty = () => false;

/** Ask before the page is left while `isDirty()` returns true, until `signal` aborts. */
export function guardUnsaved(isDirty, signal) {
  dirty = isDirty;
  window.addEventListener("beforeunload", (event) => isDirty() && event.preventDefault(), { signal });
  signal.addEventListener("abort", () => (dirty = () => false));
}

/** Whether the page may go to another view: nothing is unsaved, or the person agrees. */
// eslint-disable-next-line no-alert -- only a synchronous question can hold back a navigation
export const confirmLeave = () => !dirty() || window.confirm(t("admin.leave_unsaved"));
