/** The dark and light switch in the page's header. `language.js` applies the stored choice before anything is drawn. */
import { setLabel } from "../lib/icon_button.js";
import { t } from "../lib/text.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");
const html = document.documentElement;

/** Mount the switch; a choice that is the system's own is not stored. */
export function mountThemeSwitch(button) {
  const isDark = () => (html.dataset.theme ?? (DARK.matches ? "dark" : "light")) === "dark";

  button.addEventListener("click", () => choose(isDark() ? "light" : "dark"));
  setLabel(button, t("site.theme"));
}

function choose(theme) {
  const isUsual = theme === (DARK.matches ? "dark" : "light");
  if (isUsual) delete html.dataset.theme;
  else html.dataset.theme = theme;
  try {
    if (isUsual) localStorage.removeItem("spaces.theme");
    else localStorage.setItem("spaces.theme", theme);
  } catch {
    // storage is forbidden: the choice holds for this page
  }
}
