/** Whoever comes next at this browser finds nothing of a person who was signed in. */
import { forgetPerson } from "../request/browser_storage.js";
import { onSessionEnd } from "../session/session.js";

/** From now on, forget when a session ends: here, in another tab, or by itself. */
export function leaveNoTrace() {
  onSessionEnd(({ byItself }) => forgetPerson({ drafts: !byItself })); // who was thrown out comes back to the draft
}
