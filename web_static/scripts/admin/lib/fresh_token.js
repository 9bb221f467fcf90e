/** Carries a new worker token from where it was created to the view that shows it once. */
/** @type {{ space: string, token: string } | null} */
let fresh = null;

/** Keep a token until the next view takes it; it is never written to the address or to a storage. */
export const keepToken = (space, token) => void (fresh = { space, token });

/** Take the token of a space; null if there is none. */
export function takeToken(space) {
  const taken = fresh !== null && fresh.space === space ? fresh.token : null;
  fresh = null;
  return taken;
}
