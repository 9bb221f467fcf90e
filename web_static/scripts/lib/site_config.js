/** The configuration that the deploy writes: where to sign in, and the addresses for programs. */
const ADDRESS = "./config.json";
const NOTHING = { auth: null };
/** @type {Promise<Json> | null} */
let asked = null;

/**
 * The configuration, fetched once; a gateway without one has no sign-in. Throws a TypeError if it cannot be
 * loaded.
 */
export function siteConfig() {
  asked ??= fetch(ADDRESS).then(read).catch(forgetAndThrow);
  return asked;
}

async function read(answer) {
  if (answer.status === 403 || answer.status === 404) return NOTHING;
  if (!answer.ok) throw new TypeError(`${ADDRESS}: ${answer.status}`);
  return answer.json();
}

// Forget a failed fetch, so that the next call tries again; a body that is not JSON comes from a proxy before the
// page.
function forgetAndThrow(error) {
  asked = null;
  throw error instanceof TypeError ? error : new TypeError(String(error));
}
