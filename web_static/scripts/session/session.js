/** Whether somebody is signed in, and the token for a call. The tokens stay in this tab's session storage. */
export const SESSION_PREFIX = "spaces.sign_in.";

const LOST = "spaces.lost_session";
const SIGNED_OUT = "signed_out";
const channel = new BroadcastChannel("spaces.session");
const changes = new EventTarget();

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
  sessionChanged();
}

/** Hear of every change of who is signed in. */
export const onSessionChange = (listener) => changes.addEventListener("changed", listener);

/** Who is signed in: {name, groups}; null if nobody is. */
export function whoIsSignedIn() {
  const user = storedUser();
  if (user === null) return null;
  const { profile } = user;
  const name = profile["cognito:username"] ?? profile.preferred_username ?? profile.sub;
  return { name, groups: profile["cognito:groups"] ?? [] };
}

/** Tell listeners in this tab that the signed-in user changed. */
export const sessionChanged = () => changes.dispatchEvent(new Event("changed"));

/** Tell the other tabs that the user signed out here. */
export const announceSignOut = () => channel.postMessage(SIGNED_OUT);

/** Call `listener` when the user signs out in another tab. */
export const onSignOutElsewhere = (listener) => channel.addEventListener("message", ({ data }) => data === SIGNED_OUT && listener());

// Where storage is forbidden, nobody can be signed in; what is public works all the same.
function keys() {
  try {
    return Object.keys(sessionStorage);
  } catch {
    return [];
  }
}

const storedKey = () => keys().find((key) => key.startsWith(`${SESSION_PREFIX}user:`));

// What the library keeps (its `User.toStorageString`), read without it: it is needed only to sign in, renew and sign out.
/** The user as the library stored it; null if nobody is signed in. */
export function storedUser() {
  const key = storedKey();
  try {
    return key === undefined ? null : JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null; // nothing that the library wrote
  }
}

// A page that comes back as it was left (Back) has not heard who signed in meanwhile.
window.addEventListener("pageshow", ({ persisted }) => persisted && sessionChanged());
