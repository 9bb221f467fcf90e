/**
 * Chooses the language before anything is drawn: what the address says, else what was chosen here
 * before, else what the browser prefers, else English. A classic script in the head; `text.js` reads what it decided from <html>.
 */
{
  const LANGUAGES = { en: "en", zh: "zh-Hans" };
  const html = document.documentElement;

  const remembered = () => {
    try {
      return localStorage.getItem("spaces.language");
    } catch {
      return null; // storage is forbidden; the browser's own choice stands
    }
  };

  const addressed = new URLSearchParams(location.search).get("lang");
  const known = (tag) => Object.hasOwn(LANGUAGES, tag);
  const wanted = [addressed ?? "", remembered() ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  const language = wanted.find(known) ?? "en";
  html.lang = LANGUAGES[language];
  html.dataset.language = language;
  for (const area of html.dataset.texts.split(" ")) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = new URL(`../locales/${language}/${area}.js`, document.currentScript.src).href;
    document.head.append(link);
  }
}
