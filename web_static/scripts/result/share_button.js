/** Shares the link of a result: with the system's share sheet on phones, otherwise by copying it. */
import { announce } from "../lib/announce.js";
import { resultAddress } from "../lib/page_address.js";
import { setText } from "../lib/dom.js";
import { t } from "../lib/text.js";

const SHOWN_MS = 2500;

/** Mount it on a button; `read()` gives {space, id, title}. */
export function mountShareButton(button, read) {
  button.addEventListener("click", async () => {
    const { space, id, title } = read();
    const url = new URL(resultAddress(space, id), location.href).href;
    const byDevice = matchMedia("(pointer: coarse)").matches && navigator.share;
    if (byDevice) {
      await navigator.share({ title, url }).catch(ignoreSecondThoughts);
      return;
    }
    const key = await copied(url);
    setText(button, t(key));
    announce(t(`${key}_words`));
    setTimeout(() => setText(button, t("share.share")), SHOWN_MS);
  });
}

const copied = (url) => (navigator.clipboard?.writeText(url) ?? Promise.reject(new TypeError())).then(() => "share.copied", () => "share.not_copied");

// The user closed the sheet, or pressed again while it was opening.
const SECOND_THOUGHTS = ["AbortError", "InvalidStateError"];

function ignoreSecondThoughts(error) {
  if (!SECOND_THOUGHTS.includes(error.name)) throw error;
}
