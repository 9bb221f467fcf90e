/** What to do with a space that answers: open it, and give its address to others. */
import { copyButton } from "../../lib/copy_button.js";
import { h } from "../../lib/dom.js";
import { loadWithRetry } from "../../lib/lazy_part.js";
import { spaceAddress } from "../../lib/page_address.js";
import { t } from "../../lib/text.js";

/** Draw the buttons and the QR code of the space's page. */
export function shareSpace(space) {
  const path = spaceAddress(space);
  const address = new URL(path, location.href).href;
  const open = h("a", { class: "button is-primary", href: path }, t("admin.connect.open"));
  const copy = copyButton(() => address, t("admin.connect.copy_link"));
  const code = h("div", { class: "qr-code" });
  draw(code, address);
  return h("div", { class: "connect-share" }, h("div", {}, open), h("div", { class: "connect-address" }, h("a", { href: path }, address), copy), code);
}

async function draw(root, address) {
  const { qrCode } = await loadWithRetry(() => import("./qr_code.js"));
  root.replaceChildren(qrCode(address, t("admin.connect.qr_code")));
}
