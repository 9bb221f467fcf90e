/** The tools of a space's head: share its link, and copy the code that embeds it. */
import { copyFrom } from "../lib/copy_text.js";
import { part, show } from "../lib/dom.js";
import { escaped } from "../lib/escape_markup.js";
import { mountTooltips } from "../lib/icon_button.js";
import { spaceAddress } from "../lib/page_address.js";
import { t } from "../lib/text.js";

/** Mount the tools; `update(space)` offers those that apply. */
export function mountSpaceTools(root, name) {
  const [share, embed] = [part(root, "share-space"), part(root, "embed-space")];
  const url = (page) => new URL(spaceAddress(name, null, page), location.href).href;
  const frame = (title) => `<iframe src="${url("embed.html")}" title="${escaped(title)}" width="100%" height="640" allow="microphone; clipboard-write"></iframe>`;
  let title = name;

  function shareLink() {
    const byDevice = matchMedia("(pointer: coarse)").matches && navigator.share;
    if (byDevice) navigator.share({ title, url: url("space.html") }).catch(() => undefined); // the user closed the sheet
    else copyFrom(share, url("space.html"), t("space.share"));
  }

  share.addEventListener("click", shareLink);
  embed.addEventListener("click", () => copyFrom(embed, frame(title), t("space.embed")));
  mountTooltips(root);

  return (space) => {
    title = space.title || name;
    const framed = window !== window.top;
    show(share, !framed && Boolean(navigator.clipboard ?? navigator.share));
    show(embed, !framed && Boolean(navigator.clipboard) && space.embed_origins.length > 0);
  };
}
