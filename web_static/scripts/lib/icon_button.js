/** Buttons that show an icon, and their words as a tooltip and to screen readers. */
import { setAttribute, setText } from "./dom.js";

const SHOWN_MS = 2500;

/** Name an icon button; also one of words alone. */
export function setLabel(button, words) {
  const label = button.querySelector(".icon-label");
  setText(label ?? button, words);
  if (label) setAttribute(button, "title", words);
}

/** Show for a moment what came of a press, then the button's own name again. */
export function confirmPress(button, words, name) {
  setLabel(button, words);
  button.classList.add("is-telling");
  setTimeout(() => {
    setLabel(button, name);
    button.classList.remove("is-telling");
  }, SHOWN_MS);
}

/** Give the icon buttons of a place their tooltips. */
export function mountTooltips(root) {
  for (const label of root.querySelectorAll(".icon-label")) {
    const button = label.closest("button, summary");
    if (label.textContent) setAttribute(button, "title", label.textContent);
  }
}

/** Close a menu (`<details>`) when the user presses Escape, or anything outside it. */
export function closeWhenLeft(root) {
  const opened = () => (root.matches("details[open]") ? root : root.querySelector("details[open]"));
  document.addEventListener("click", ({ target }) => root.contains(target) || opened()?.removeAttribute("open"));
  root.addEventListener("keydown", ({ key }) => {
    const menu = opened();
    if (key !== "Escape" || !menu) return;
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  });
}
