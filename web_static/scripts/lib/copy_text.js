/** Copies text to the clipboard. */
import { announce } from "./announce.js";
import { confirmPress } from "./icon_button.js";
import { t } from "./text.js";

/** Copy a text; gives the key of the words that say what came of it. */
export const copyText = (text) => navigator.clipboard.writeText(text).then(() => "copy.copied", () => "copy.failed");

/** Copy a text, and say on the pressed icon button, called `name`, what came of it. */
export async function copyFrom(button, text, name = t("copy.copy")) {
  const key = await copyText(text);
  confirmPress(button, t(key), name);
  announce(t(key));
}
