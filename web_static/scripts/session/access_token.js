/** The access token of the signed-in user: read, renewed, and dropped when the session ends. */
import { isSignedIn, onSignOutElsewhere, setExpiredUser, sessionChanged, storedUser, currentUser } from "./session.js";

const RENEW_SECONDS = 60; // before the token expires, so that it outlives the call
/** @type {Promise<string | null> | null} */
let renewing = null;

/**
 * A token that is valid long enough for a call; null if nobody is signed in. `refused` is a token that the gateway
 * rejected.
 */
export async function accessToken(refused = null) {
  const user = storedUser();
  if (user === null) return null;
  const lasts = user.expires_at === undefined || user.expires_at - Date.now() / 1000 > RENEW_SECONDS;
  if (lasts && user.access_token !== refused) return user.access_token;
  renewing ??= renew().finally(() => (renewing = null));
  return renewing;
}

/** End a session that expired or was ended elsewhere. */
export async function expireSession() {
  const who = currentUser();
  if (who === null) return;
  await (await manager()).removeUser();
  setExpiredUser(who.name);
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

// Only an OAuth error (it has a code in `error.error`) ends the session; a lost network does not.
async function renew() {
  const users = await manager();
  try {
    if (storedUser()?.refresh_token) return (await users.signinSilent())?.access_token ?? null;
  } catch (/** @type {any} */ error) {
    if (!error.error) throw error;
  }
  await expireSession();
  return null;
}
