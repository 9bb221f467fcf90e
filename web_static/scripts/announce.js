/** Tells screen readers what changed, each thing once. */
import { part } from "./dom.js";

/** Say a sentence politely; said again only after something else was said. */
export function announce(text) {
  const region = part(document, "announcement");
  if (region.textContent !== text) region.textContent = text;
}
