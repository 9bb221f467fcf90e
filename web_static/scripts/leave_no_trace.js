/** Whoever comes next at this browser finds nothing of a person who was signed in. */
import { forgetPerson } from "./memory.js";
import { isSignedIn, lostSession, onSessionChange } from "./session.js";

/** From now on, forget when a session ends: here, in another tab, or by itself. */
export function leaveNoTrace() {
  let signedIn = isSignedIn();

  onSessionChange(() => {
    const was = signedIn;
    signedIn = isSignedIn();
    if (was && !signedIn) forgetPerson({ drafts: lostSession() === null }); // who was thrown out comes back to the draft
  });
}
