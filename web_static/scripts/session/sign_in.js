/** Signing in and out with the authorization code flow; the library is fetched only when it is needed. */
import { siteConfig } from "../lib/site_config.js";
import { announceSignOut, rememberLostSession, sessionChanged, SESSION_PREFIX } from "./session.js";

let made = null;

/** Leave for the sign-in page; comes back to `returnTo`. */
export async function signIn(returnTo = location.pathname + location.search) {
  const users = await userManager();
  await users.signinRedirect({ state: { returnTo } });
}

/** Finish the sign-in on the page that the sign-in page sends one to; gives the address to go on to. */
export async function finishSignIn() {
  const users = await userManager();
  const user = await users.signinRedirectCallback();
  rememberLostSession(null);
  return safeAddress(user.state?.returnTo);
}

/** Sign out here, in the other tabs, and at the sign-in page; revokes what was granted. */
export async function signOut() {
  const { auth } = await siteConfig();
  await forgetTokens();
  announceSignOut();
  sessionChanged();
  const values = { client_id: auth.client_id, logout_uri: new URL("./", location.href).href };
  location.assign(`${auth.endpoints.logout}?${new URLSearchParams(values)}`);
}

/** Drop the tokens of this tab; what cannot be revoked now expires by itself. */
export async function forgetTokens() {
  const users = await userManager();
  await users.revokeTokens(["refresh_token"]).catch(() => undefined);
  await users.removeUser();
}

/** The library's manager, made once. */
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
    automaticSilentRenew: false, // renewed by the call that needs it, so that sleep and lost networks do no harm
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

/** An address of this page; the first page in place of any other. */
export function safeAddress(wanted, base = location.href) {
  const home = new URL("./", base);
  const address = URL.canParse(wanted ?? "", home) ? new URL(wanted ?? "", home) : home;
  return address.origin === home.origin ? address.href : home.href;
}
