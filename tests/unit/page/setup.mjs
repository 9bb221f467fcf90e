/** What the page's pure modules need of a browser: the document's language, and nothing else. */
import { readdirSync } from "node:fs";

const language = process.env.PAGE_LANGUAGE ?? "en";
const locales = new URL(`../../../web_static/locales/${language}/`, import.meta.url);
const texts = readdirSync(locales).map((file) => file.replace(".js", "")).join(" ");

globalThis.document = { documentElement: { dataset: { language, texts } } };
globalThis.window = new EventTarget(); // modules of the session listen for storage events
globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(name);
    this.unref(); // an open channel keeps Node running
  }
};
