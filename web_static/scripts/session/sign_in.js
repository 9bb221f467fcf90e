/** Signs in and out with the authorization code flow; loads the OIDC library only when needed. */
import { siteConfig } from "../lib/site_config.js";
import { announceSignOut, setExpiredUser, sessionChanged, SESSION_PREFIX } from "./session.js";

/** @type {ReturnType<typeof makeManager> | null} */
let made = null;

/** Go to the sign-in page, which returns to `returnTo`. */
export async function signIn(returnTo = location.pathname + location.search) {
  const users = await userManager();
  await users.signinRedirect({ state: { returnTo } });
}

/** Complete the sign-in on the redirect page. Returns the address to go on to. */
export async function finishSignIn() {
  const users = await userManager();
  const user = await users.signinRedirectCallback();
  setExpiredUser(null);
  return safeAddress(/** @type {Json | undefined} */ (user.state)?.returnTo);
}

/** Sign out here, in other tabs and at the sign-in page, and revoke the refresh token. */
export async function signOut() {
  const { auth } = await siteConfig();
  await forgetTokens();
  announceSignOut();
  sessionChanged();
  const values = { client_id: auth.client_id, logout_uri: new URL("./", location.href).href };
  location.assign(`${auth.endpoints.logout}?${new URLSearchParams(values)}`);
}

/** Drop this tab's tokens; those that cannot be revoked now expire on their own. */
export async function forgetTokens() {
  const users = await userManager();
  await users.revokeTokens(["refresh_token"]).catch(() => undefined);
  await users.removeUser();
}

/** The library's user manager, created once. */
export function userManager() {
  made ??= makeManager().catch((error) => {
    made = null;
    throw error;
  });
  return made;
}

async function makeManager() {
  const [{ auth }, oidc] = await Promise.all([siteConfig(), import("../../vendor/oidc-client-ts.js")]);
  const store = new oidc.WebStorageStateStore({ store: sessionStorage, prefix: SESSION_PREFIX });
  return new oidc.UserManager({
    authority: auth.authority,
    client_id: auth.client_id,
    redirect_uri: new URL("./signed-in.html", location.href).href,
    scope: auth.scope,
    userStore: store,
    stateStore: store,
    metadata: metadata(auth),
    automaticSilentRenew: false, // calls renew the token when they need it, so sleep and lost networks do no harm
    monitorSession: false,
    revokeTokenTypes: ["refresh_token"],
  });
}

const metadata = ({ authority, endpoints }) => ({
  issuer: authority,
  authorization_endpoint: endpoints.authorization,
  token_endpoint: endpoints.token,
  end_session_endpoint: endpoints.logout,
  revocation_endpoint: endpoints.revocation,
  userinfo_endpoint: endpoints.userinfo,
});

/** An address of this site; any other becomes the home page. */
export function safeAddress(wanted, base = location.href) {
  const home = new URL("./", base);
  const address = URL.canParse(wanted ?? "", home) ? new URL(wanted ?? "", home) : home;
  return address.origin === home.origin ? address.href : home.href;
}
