/** Whether somebody is signed in, and the token for a call. The tokens stay in this tab's session storage. */
export const SESSION_PREFIX = "spaces.sign_in.";

const LOST = "spaces.lost_session";
const RENEW_SECONDS = 60; // before the token's end, so that it lasts the call
const channel = new BroadcastChannel("spaces.session");
const changes = new EventTarget();
let renewing = null;

/** Whether this tab holds tokens; says nothing about how long they still live. */
export const isSignedIn = () => storedKey() !== undefined;

/** Hear of every end of a session, here or in another tab; `byItself` if nobody signed out. */
export function onSessionEnd(listener) {
  let signedIn = isSignedIn();
  onSessionChange(() => {
    const ended = signedIn && !isSignedIn();
    signedIn = isSignedIn();
    if (ended) listener({ byItself: lostSession() !== null });
  });
}

/** Whether a session ended by itself: the name of who was signed in, or null. */
export const lostSession = () => (keys().includes(LOST) ? sessionStorage.getItem(LOST) : null);

/** Note, or (with null) forget, that a session ended by itself. */
export function rememberLostSession(name) {
  if (name === null) sessionStorage.removeItem(LOST);
  else sessionStorage.setItem(LOST, name);
  changes.dispatchEvent(new Event("changed"));
}

/** Hear of every change of who is signed in. */
export const onSessionChange = (listener) => changes.addEventListener("changed", listener);

/** Who is signed in: {name, groups}; null if nobody is. */
export function whoIsSignedIn() {
  const user = signedInUser();
  if (user === null) return null;
  const { profile } = user;
  const name = profile["cognito:username"] ?? profile.preferred_username ?? profile.sub;
  return { name, groups: profile["cognito:groups"] ?? [] };
}

/** A token that lasts for a call; null if nobody is signed in (any more). `refused` is one that did not work. */
export async function accessToken(refused = null) {
  const user = signedInUser();
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

/** Tell the other tabs, and listeners here. */
export function announceSession(event) {
  channel.postMessage(event);
  changes.dispatchEvent(new Event("changed"));
}

// Where storage is forbidden, nobody can be signed in; what is public works all the same.
function keys() {
  try {
    return Object.keys(sessionStorage);
  } catch {
    return [];
  }
}

async function manager() {
  const { userManager } = await import("./sign_in.js");
  return userManager();
}

const storedKey = () => keys().find((key) => key.startsWith(`${SESSION_PREFIX}user:`));

// What the library keeps (its `User.toStorageString`), read without it: it is needed only to sign in, renew and sign out.
function signedInUser() {
  const key = storedKey();
  try {
    return key === undefined ? null : JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null; // nothing that the library wrote
  }
}

// Only a refusal (it has a word in `error.error`) ends the session; a lost network leaves it as it is.
async function renew() {
  const users = await manager();
  try {
    if (signedInUser()?.refresh_token) return (await users.signinSilent())?.access_token ?? null;
  } catch (error) {
    if (!error.error) throw error;
  }
  await loseSession();
  return null;
}

// A page that comes back as it was left (Back) has not heard who signed in meanwhile.
window.addEventListener("pageshow", ({ persisted }) => persisted && changes.dispatchEvent(new Event("changed")));

channel.addEventListener("message", async ({ data }) => {
  if (data !== "signed_out" || !isSignedIn()) return;
  const { forgetTokens } = await import("./sign_in.js");
  await forgetTokens();
  changes.dispatchEvent(new Event("changed"));
});
