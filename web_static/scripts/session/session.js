/** Who is signed in. The tokens are in this tab's session storage. */
export const SESSION_PREFIX = "spaces.sign_in.";

const EXPIRED_USER = "spaces.lost_session";
const SIGNED_OUT = "signed_out";
const channel = new BroadcastChannel("spaces.session");
const changes = new EventTarget();

/** Whether this tab holds tokens; they may have expired. */
export const isSignedIn = () => storedKey() !== undefined;

/** Call `listener` when a session ends, here or in another tab; `expired` is false if the user signed out. */
export function onSessionEnd(listener) {
  let signedIn = isSignedIn();
  onSessionChange(() => {
    const ended = signedIn && !isSignedIn();
    signedIn = isSignedIn();
    if (ended) listener({ expired: expiredUser() !== null });
  });
}

/** The name of the user whose session expired; null if none did. */
export const expiredUser = () => (keys().includes(EXPIRED_USER) ? sessionStorage.getItem(EXPIRED_USER) : null);

/** Store the name of the user whose session expired, or (with null) remove it. */
export function setExpiredUser(name) {
  if (name === null) sessionStorage.removeItem(EXPIRED_USER);
  else sessionStorage.setItem(EXPIRED_USER, name);
  sessionChanged();
}

/** Call `listener` when the signed-in user changes. */
export const onSessionChange = (listener) => changes.addEventListener("changed", listener);

/** The signed-in user: {name, groups}; null if nobody is signed in. */
export function currentUser() {
  const user = storedUser();
  if (user === null) return null;
  const { profile } = user;
  const name = profile["cognito:username"] ?? profile.preferred_username ?? profile.sub;
  return { name, groups: profile["cognito:groups"] ?? [] };
}

/** Whether somebody is signed in who administers the gateway; the gateway decides what they may do. */
export const isAdministrator = () => Boolean(currentUser()?.groups.includes("admins"));

/** Tell listeners in this tab that the signed-in user changed. */
export const sessionChanged = () => changes.dispatchEvent(new Event("changed"));

/** Tell the other tabs that the user signed out here. */
export const announceSignOut = () => channel.postMessage(SIGNED_OUT);

/** Call `listener` when the user signs out in another tab. */
export const onSignOutElsewhere = (listener) => channel.addEventListener("message", ({ data }) => data === SIGNED_OUT && listener());

// Without storage nobody can be signed in; the public spaces still work.
function keys() {
  try {
    return Object.keys(sessionStorage);
  } catch {
    return [];
  }
}

const storedKey = () => keys().find((key) => key.startsWith(`${SESSION_PREFIX}user:`));

// Reads what the library stored (its `User.toStorageString`), so that the library loads only to sign in, renew and
// sign out.
/** The user as the library stored it; null if nobody is signed in. */
export function storedUser() {
  const key = storedKey();
  try {
    return key === undefined ? null : JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null; // not written by the library
  }
}

// A page restored from the back/forward cache may have missed a sign-in or sign-out.
window.addEventListener("pageshow", ({ persisted }) => persisted && sessionChanged());
