/** Keeps the end of a growing conversation in view while the reader is there, and offers the way back if not. */
import { h, show } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { t } from "../lib/text.js";

const NEAR_PX = 48;

/** Follow the end of the page while `root` or what stands below it grows. Returns the button to the end, and `toEnd()`. */
export function followEnd(root, below) {
  const button = h("button", { class: "button is-icon chat-to-end", type: "button", title: t("chat.to_end"), hidden: true }, icon("down"), h("span", { class: "icon-label" }, t("chat.to_end")));
  let following = true;
  let place = 0;

  const page = document.documentElement;
  const isAtEnd = () => page.scrollHeight - window.innerHeight - window.scrollY < NEAR_PX;

  // Text may have come between a scroll and its event, so not to be at the end is no sign that the reader has left it.
  function scrolled() {
    following = isAtEnd() || (following && window.scrollY >= place);
    place = window.scrollY;
    show(button, !following && root.offsetParent !== null);
  }

  function toEnd() {
    following = true;
    show(button, false);
    window.scrollTo({ top: page.scrollHeight, behavior: "instant" });
  }

  window.addEventListener("scroll", scrolled, { passive: true });
  window.addEventListener("resize", () => following && toEnd());
  const growth = new ResizeObserver(() => (following && root.offsetParent !== null ? toEnd() : scrolled()));
  growth.observe(root);
  growth.observe(below);
  button.addEventListener("click", toEnd);
  return { button, toEnd };
}
