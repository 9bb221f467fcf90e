/** One chosen file: preview, name, size, progress, remove, retry, and its place among several. */
import { announce } from "../lib/announce.js";
import { h, isSecondClick, setAttribute, setText, show } from "../lib/dom.js";
import { filePreview } from "./file_preview.js";
import { percentage, size } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t } from "../lib/text.js";

/**
 * Mount the item; `update(attachment, {index, count})` shows its upload and its place, `free()` releases the preview.
 * `move(step)` is called to move it one place up (-1) or down (1).
 */
export function mountAttachment(attachment, { remove, retry, move }) {
  const { name } = attachment;
  const preview = filePreview(attachment);
  const state = h("span", { class: "attachment-state muted" });
  const bar = h("progress", { class: "progress-bar", max: 1, "aria-label": t("files.progress", { name }) });
  const again = h("button", { class: "button is-small", type: "button" }, t("files.retry"));
  const away = h("button", { class: "button is-small is-bare", type: "button", "aria-label": t("files.remove", { name }) }, icon("cross"));
  const [up, down] = [moveButton("up", name, -1), moveButton("down", name, 1)];
  again.addEventListener("click", retry);
  away.addEventListener("click", (event) => isSecondClick(event) || remove()); // after a removal, the next file's button moves here
  const about = h("div", { class: "attachment-details" }, h("span", { class: "attachment-name", dir: "auto" }, name), state, bar);
  const root = h("li", { class: "attachment" }, preview.element, about, h("div", { class: "attachment-actions" }, up, down, again, away));

  function moveButton(direction, named, step) {
    const button = h("button", { class: "button is-small is-bare", type: "button", "aria-label": t(`files.${direction}`, { name: named }) }, icon(direction));
    button.addEventListener("click", () => button.ariaDisabled !== "true" && move(step));
    return button;
  }

  let known = null;

  function updatePlace({ index, count }) {
    for (const each of [up, down]) show(each, count > 1);
    setAttribute(up, "aria-disabled", index === 0 ? "true" : null);
    setAttribute(down, "aria-disabled", index === count - 1 ? "true" : null);
    setAttribute(about, "draggable", count > 1 ? "true" : null);
  }

  function update({ phase, share, delayed, problem, canRetry, size: bytes }, place) {
    updatePlace(place);
    if (known === "uploading" && phase !== known) announce(endWords({ name, phase, problem }));
    known = phase;
    setAttribute(root, "data-phase", phase);
    setText(state, stateWords({ phase, share, delayed, problem, bytes }));
    bar.value = share;
    show(bar, phase === "uploading");
    show(again, phase === "failed" && canRetry);
  }

  return { root, update, free: preview.free };
}

const endWords = ({ name, phase, problem }) =>
  phase === "ready" ? t("files.uploaded", { name }) : t("files.not_uploaded", { name, problem });

function stateWords({ phase, share, delayed, problem, bytes }) {
  if (phase === "failed") return problem;
  if (phase === "ready") return size(bytes);
  if (delayed) return t(delayed === "offline" ? "files.offline" : "files.sent_again");
  return t("files.uploading", { share: percentage(Math.floor(share * 100) / 100), size: size(bytes) });
}
