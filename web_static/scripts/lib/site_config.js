/** What the deploy tells the page: where to sign in, and the addresses for programs. */
const ADDRESS = "./config.json";
const NOTHING = { auth: null };
let asked = null;

/** The configuration, fetched once; a gateway without one has no sign-in. Throws a TypeError where it cannot be had. */
export function siteConfig() {
  asked ??= fetch(ADDRESS).then(read).catch(forgetAndThrow);
  return asked;
}

async function read(answer) {
  if (answer.status === 403 || answer.status === 404) return NOTHING;
  if (!answer.ok) throw new TypeError(`${ADDRESS}: ${answer.status}`);
  return answer.json();
}

// A network that is back later must be asked again; what is no JSON comes from something before the page.
function forgetAndThrow(error) {
  asked = null;
  throw error instanceof TypeError ? error : new TypeError(String(error));
}
