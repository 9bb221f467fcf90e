/** Shares the link of a result: with the system's share sheet on phones, otherwise by copying it. */
import { announce } from "../lib/announce.js";
import { resultAddress } from "../lib/page_address.js";
import { confirmPress } from "../lib/icon_button.js";
import { t } from "../lib/text.js";

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
    confirmPress(button, t(key), t("share.share"));
    announce(t(`${key}_words`));
  });
}

const copied = (url) => (navigator.clipboard?.writeText(url) ?? Promise.reject(new TypeError())).then(() => "share.copied", () => "share.not_copied");

// The user closed the sheet, or pressed again while it was opening.
const SECOND_THOUGHTS = ["AbortError", "InvalidStateError"];

function ignoreSecondThoughts(error) {
  if (!SECOND_THOUGHTS.includes(error.name)) throw error;
}
