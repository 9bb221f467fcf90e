/**
 * Chooses language and theme before anything is drawn: from the address, then the stored choice, then the browser's
 * preference, then English. A classic script in the head; `text.js` reads the result from <html>. Also shows a
 * notice while files of the page are missing, and starts the page once they have loaded.
 */
{
  const LANGUAGES = { en: "en", zh: "zh-Hans" };
  const RETRY_MS = 3000;
  // Here, because the missing file may be a locale.
  const MISSING = {
    en: "Some files of this page could not be loaded. Trying again… If this message stays, reload the page.",
    zh: "页面的部分文件未能加载，正在重试；如果一直如此，请刷新页面。",
  };
  const html = document.documentElement;

  const remembered = (choice) => {
    try {
      return localStorage.getItem(`spaces.${choice}`);
    } catch {
      return null; // storage is forbidden; use the browser's preference
    }
  };

  const addressed = new URLSearchParams(location.search).get("lang");
  const known = (tag) => Object.hasOwn(LANGUAGES, tag);
  const wanted = [addressed ?? "", remembered("language") ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  const language = wanted.find(known) ?? "en";
  html.lang = LANGUAGES[language];
  html.dataset.language = language;
  const theme = remembered("theme");
  if (theme === "dark" || theme === "light") html.dataset.theme = theme;
  const own = /** @type {HTMLScriptElement} */ (document.currentScript);
  for (const area of (html.dataset.texts ?? "").split(" ")) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = new URL(`../locales/${language}/${area}.js`, own.src).href;
    document.head.append(link);
  }

  function sayMissing() {
    if (!html.dataset.language || document.querySelector(".missing-files")) return; // the page has started, or the notice is there
    const notice = document.createElement("div");
    Object.assign(notice, { className: "notice page-notice missing-files", role: "alert", textContent: MISSING[language] });
    document.querySelector("main")?.before(notice);
  }

  // text.js retries locales and lazy_part.js lazy modules; this retries the entry script and what it imports.
  async function startLater(script) {
    await new Promise((resolve) => void setTimeout(resolve, RETRY_MS));
    await import(script.src).catch((error) => (error instanceof TypeError ? startLater(script) : Promise.reject(error)));
  }

  function missed({ target }) {
    if (target.type === "module") startLater(target);
    if (target.type !== "module" && target.rel !== "modulepreload") return;
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", sayMissing);
    else sayMissing();
  }

  addEventListener("error", missed, true);
}
