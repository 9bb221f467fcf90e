/** The access token of the signed-in user: read, renewed, and dropped when the session ends. */
import { isSignedIn, onSignOutElsewhere, rememberLostSession, sessionChanged, storedUser, whoIsSignedIn } from "./session.js";

const RENEW_SECONDS = 60; // before the token expires, so that it outlives the call
let renewing = null;

/** A token that lasts for a call; null if nobody is signed in (any more). `refused` is one that did not work. */
export async function accessToken(refused = null) {
  const user = storedUser();
  if (user === null) return null;
  const lasts = user.expires_at === undefined || user.expires_at - Date.now() / 1000 > RENEW_SECONDS;
  if (lasts && user.access_token !== refused) return user.access_token;
  renewing ??= renew().finally(() => (renewing = null));
  return renewing;
}

/** The session is over although nobody ended it here. */
export async function loseSession() {
  const who = whoIsSignedIn();
  if (who === null) return;
  await (await manager()).removeUser();
  rememberLostSession(who.name);
}

/** Forget this tab's tokens when the user signs out in another tab. */
export function followSignOuts() {
  onSignOutElsewhere(async () => {
    if (!isSignedIn()) return;
    const { forgetTokens } = await import("./sign_in.js");
    await forgetTokens();
    sessionChanged();
  });
}

async function manager() {
  const { userManager } = await import("./sign_in.js");
  return userManager();
}

// Only a refusal (it has a word in `error.error`) ends the session; a lost network leaves it as it is.
async function renew() {
  const users = await manager();
  try {
    if (storedUser()?.refresh_token) return (await users.signinSilent())?.access_token ?? null;
  } catch (error) {
    if (!error.error) throw error;
  }
  await loseSession();
  return null;
}
