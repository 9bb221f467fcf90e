/** Pictures of an answer, large: one after the other, in their own size, and beside the picture that was sent. */
import { h, setAttribute, setText, show } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { t } from "../lib/text.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** Open the dialog at one of the `pictures` ({src, alt}); `before` is the address of what was sent, or null. */
export function openPictureDialog(pictures, first, before) {
  const picture = h("img", { class: "picture-large" });
  const original = before && h("img", { class: "picture-large picture-before", src: before, alt: t("files.before") });
  const stage = h("div", { class: "picture-stage", tabindex: "0" }, picture, original);
  const place = h("p", { class: "muted", "aria-live": "polite" });
  const slider = h("input", { type: "range", min: "0", max: "100", value: "50", "aria-label": t("files.compare") });
  const [previous, next, zoom, close] = ["previous", "next", "zoom", "close"].map((name) => h("button", { class: "button", type: "button" }, t(`files.${name}`)));
  const compare = h("label", { class: "picture-compare" }, h("span", {}, t("files.before")), slider, h("span", {}, t("files.after")));
  const form = h("div", { class: "dialog-form" }, stage, before ? compare : null, h("div", { class: "dialog-actions" }, place, previous, next, zoom, close));
  const dialog = h("dialog", { class: "dialog picture-dialog", "aria-label": t("files.pictures"), closedby: "any" }, form);
  let at = first;

  function draw() {
    const { src, alt } = pictures[at];
    Object.assign(picture, { src, alt });
    setText(place, t("files.of", { number: number(at + 1), count: number(pictures.length) }));
    for (const each of [place, previous, next]) show(each, pictures.length > 1);
  }

  function step(by) {
    at = (at + by + pictures.length) % pictures.length;
    draw();
  }

  function enlarge() {
    const large = stage.toggleAttribute("data-large");
    setAttribute(zoom, "aria-pressed", String(large));
  }

  slider.addEventListener("input", () => stage.style.setProperty("--before", `${slider.value}%`));
  previous.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  zoom.addEventListener("click", enlarge);
  stage.addEventListener("dblclick", enlarge);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", ({ key, target }) => key in STEPS && target !== slider && step(STEPS[key]));
  dialog.addEventListener("close", () => dialog.remove());
  setAttribute(zoom, "aria-pressed", "false");
  draw();
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}
