/** English: signing in and out, the account menu. */
export default {
  "sign_in.title": "Sign in · WebSocket Spaces",
  "sign_in.account_of": "Account: {name}",
  "sign_in.sign_in": "Sign in",
  "sign_in.sign_out": "Sign out",
  "sign_in.administration": "Administration",

  "sign_in.signing_in": "Signing in…",
  "sign_in.moment": "Taking you back to where you were.",
  "sign_in.denied": "You were not signed in",
  "sign_in.denied_words": "The sign-in page did not let you in, or you cancelled. You can use public spaces without signing in.",
  "sign_in.failed": "Sign-in failed",
  "sign_in.failed_words": "This sign-in has expired or was started in another tab. Start again; if the problem persists, contact the gateway's administrator.",
  "sign_in.unreachable": "The sign-in page cannot be reached. Check your connection, then try again.",
  "sign_in.try_again": "Try again",
  "sign_in.to_spaces": "See all spaces",

  "sign_in.lost": "You are signed out",
  "sign_in.lost_words": "{name}'s session has expired or was ended elsewhere. Your requests keep running; sign in again to see them.",
  "sign_in.again": "Sign in again",
  "sign_in.go_on_without": "Continue without signing in",
};
