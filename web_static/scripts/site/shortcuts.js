/** Shortcuts of every page: Ctrl+K goes anywhere, "?" shows the list of them. The dialog loads when it is first used. */
import { loadStyle, loadWithRetry } from "../lib/lazy_part.js";
import { setLabel } from "../lib/icon_button.js";
import { t } from "../lib/text.js";

/** @type {Record<string, string>} */
const DIALOGS = { "?": "openShortcuts", "/": "openGoTo" };
const SEARCH = '[aria-keyshortcuts="/"]'; // where there is one, "/" leads to it
const TYPING = "input, textarea, select, [contenteditable], dialog";

/** Listen for the shortcuts, and for the button that does the same; a page in a frame has none. */
export function mountShortcuts(button) {
  if (!button) return;
  const open = async (part) => {
    const [dialogs] = await Promise.all([loadWithRetry(() => import("./go_to_dialog.js")), loadStyle("go_to_dialog"), loadStyle("admin_dialog"), loadStyle("options")]);
    dialogs[part]();
  };

  button.addEventListener("click", () => open("openGoTo"));
  document.addEventListener("keydown", (event) => {
    const wanted = dialogOf(event);
    if (wanted === null) return;
    event.preventDefault();
    open(wanted);
  });
  setLabel(button, t("site.find"));
}

function dialogOf({ key, ctrlKey, metaKey, target }) {
  if (ctrlKey || metaKey) return key.toLowerCase() === "k" ? "openGoTo" : null;
  if (target.closest(TYPING) || (key === "/" && document.querySelector(SEARCH))) return null;
  return DIALOGS[key] ?? null;
}
