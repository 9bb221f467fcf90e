/** The header of every page: texts in the chosen language, the account menu, and the language switch. */
import { part } from "../lib/dom.js";
import { translate } from "../lib/text.js";
import { clearUserData } from "../request/browser_storage.js";
import { followSignOuts } from "../session/access_token.js";
import { onSessionEnd } from "../session/session.js";
import { mountAccountMenu } from "./account_menu.js";
import { mountLanguageSwitch } from "./language_switch.js";
import { mountShortcuts } from "./shortcuts.js";
import { mountThemeSwitch } from "./theme_switch.js";

/** Translate the document, mount the header, and clear a user's data when their session ends. */
export function mountSiteHeader() {
  translate(document);
  mountLanguageSwitch(part(document, "language"));
  if (part(document, "theme")) mountThemeSwitch(part(document, "theme"));
  mountShortcuts(part(document, "find-all"));
  followSignOuts();
  onSessionEnd(({ expired }) => clearUserData({ drafts: !expired })); // after an expired session, the user finds the draft again
  mountAccountMenu(part(document, "account"));
}
