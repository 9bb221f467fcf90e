/** As whom a call is made: whoever is signed in uses own paths, with the token. */
import { accessToken } from "../session/session.js";

const HAS_OWN_PATH = /^\/v1\/(spaces(\/[^/?]+(\/requests)?)?|uploads(\/[^/?]+\/(parts|complete|abort))?|requests)(\?|$)/;
const NEEDS_TOKEN = /^\/v1\/(me|admin)(\/|\?|$)/;

/** The path and headers of a call; `refused` is a token that did not work. */
export async function asCaller(path, refused = null) {
  const own = ownPath(path);
  const token = own === null ? null : await accessToken(refused);
  if (token === null) return { path, headers: {}, token };
  return { path: own, headers: { Authorization: `Bearer ${token}` }, token };
}

// A single request is anybody's who knows its id, so its calls carry no token.
function ownPath(path) {
  if (NEEDS_TOKEN.test(path)) return path;
  return HAS_OWN_PATH.test(path) ? path.replace("/v1/", "/v1/me/") : null;
}
