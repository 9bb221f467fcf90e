/** English: signing in and out, the account menu. */
export default {
  "sign_in.title": "Sign in · WebSocket Spaces",
  "sign_in.account_of": "Account of {name}",
  "sign_in.sign_in": "Sign in",
  "sign_in.sign_out": "Sign out",
  "sign_in.administration": "Administration",

  "sign_in.signing_in": "Signing in…",
  "sign_in.moment": "You are taken back to where you were.",
  "sign_in.denied": "You were not signed in",
  "sign_in.denied_words": "The sign-in page did not let you in, or you turned back there. Public spaces work without signing in.",
  "sign_in.failed": "Signing in did not work",
  "sign_in.failed_words": "The address belongs to a sign-in that is over or was begun in another tab. Begin anew; if it happens again, tell the administrator of this gateway.",
  "sign_in.unreachable": "The sign-in page cannot be reached. Look at your connection, then try again.",
  "sign_in.try_again": "Try again",
  "sign_in.to_spaces": "Go to the spaces",

  "sign_in.lost": "You are signed out",
  "sign_in.lost_words": "The session of {name} is over: it ran out or was ended elsewhere. What you sent goes on; sign in again to see what is yours.",
  "sign_in.again": "Sign in again",
  "sign_in.go_on_without": "Go on without",
};
