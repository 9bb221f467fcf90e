/** The cover picture of a space: show, replace, remove. */
import { announce } from "../../lib/announce.js";
import { h, setAttribute, setText } from "../../lib/dom.js";
import { size } from "../../lib/format.js";
import { GatewayError } from "../../api/gateway_call.js";
import { pattern } from "../../space/cover_pattern.js";
import { t } from "../../lib/text.js";
import { beginCover, removeCover, setCover } from "../lib/admin_api.js";
import { actionButton } from "../ui/controls.js";
import { errorNotice } from "../ui/error_notice.js";

const TYPES = ["image/png", "image/jpeg", "image/webp"];
const MOST_BYTES = 1024 * 1024;

/** Mount the picture and its buttons; `changed(settings)` is called with the new version of the space. */
export function mountCover(root, { space, cover_url: address }, changed) {
  const shown = h("div", { class: "cover" });
  const words = h("p", { class: "hint", role: "status" }, t("admin.cover.words", { size: size(MOST_BYTES) }));
  const file = h("input", { type: "file", accept: TYPES.join(), class: "visually-hidden", tabindex: "-1", "aria-label": t("admin.cover.choose") });
  const trouble = h("div", {});
  let busy = false; // one change at a time
  const choose = actionButton(t("admin.cover.choose"), () => file.click(), { className: "button" });
  const remove = actionButton(t("admin.cover.remove"), () => attempt(() => removeCover(space)), { className: "button" });

  function draw(url) {
    shown.replaceChildren(url ? h("img", { src: url, alt: t("admin.cover.alt") }) : pattern(space));
    remove.hidden = !url;
  }

  async function attempt(act) {
    if (busy) return;
    setBusy(true);
    trouble.replaceChildren();
    try {
      const settings = await act();
      draw(settings.cover_url);
      changed(settings);
      setText(words, t("admin.cover.saved"));
      announce(t("admin.cover.saved"));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      trouble.replaceChildren(errorNotice(error));
    } finally {
      setBusy(false);
    }
  }

  function setBusy(is) {
    busy = is;
    for (const button of [choose, remove]) setAttribute(button, "aria-disabled", is ? "true" : null);
  }

  file.addEventListener("change", () => {
    const picked = file.files?.[0];
    if (picked) attempt(() => upload(space, picked)).finally(() => (file.value = ""));
  });
  draw(address);
  root.replaceChildren(shown, words, h("div", { class: "notice-actions" }, choose, remove, file), trouble);
}

async function upload(space, file) {
  if (!TYPES.includes(file.type)) throw new GatewayError({ status: 422, detail: t("admin.cover.wrong_type") });
  if (file.size > MOST_BYTES) throw new GatewayError({ status: 413, detail: t("admin.cover.too_large", { size: size(file.size), limit: size(MOST_BYTES) }) });
  const { url, fields, upload_id: id } = await beginCover(space, file);
  await post(url, fields, file);
  return setCover(space, id);
}

// The fields come first: S3 ignores everything after the file.
async function post(url, fields, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  const answer = await fetch(url, { method: "POST", body: form }).catch((error) => {
    throw new GatewayError({ detail: String(error) });
  });
  if (!answer.ok) throw new GatewayError({ status: answer.status, detail: t("admin.cover.not_taken") });
}
