/** What every page's head has: texts in the chosen language, the account, and the switch between languages. */
import { mountAccountMenu } from "./account_menu.js";
import { part } from "../lib/dom.js";
import { mountLanguageSwitch } from "./language_switch.js";
import { leaveNoTrace } from "./leave_no_trace.js";
import { translate } from "../lib/text.js";

/** Translate the document and mount what its head holds. */
export function mountSiteHeader() {
  translate(document);
  mountLanguageSwitch(part(document, "language"));
  leaveNoTrace();
  mountAccountMenu(part(document, "account"));
}
