/** What the deploy tells the page: where to sign in, and the addresses for programs. */
const ADDRESS = "./config.json";
const NOTHING = { auth: null };
let asked = null;

/** The configuration, fetched once; a gateway without one has no sign-in. */
export function siteConfig() {
  asked ??= fetch(ADDRESS).then(read, forgetAndThrow);
  return asked;
}

async function read(answer) {
  if (answer.status === 403 || answer.status === 404) return NOTHING;
  if (!answer.ok) return forgetAndThrow(new TypeError(`config.json: ${answer.status}`));
  return answer.json();
}

// A network that is back later must be asked again.
function forgetAndThrow(error) {
  asked = null;
  throw error;
}
