/** Buttons that narrow a list; those that are pressed are a list of words. */
import { setAttribute } from "../lib/dom.js";

/** Mount the buttons of a group; `onChange()` is called when one was pressed. Returns {chosen, choose}. */
export function mountFilterButtons(root, onChange) {
  const buttons = [...root.querySelectorAll("[data-filter]")];
  const isPressed = (button) => button.ariaPressed === "true";
  const press = (button, pressed) => setAttribute(button, "aria-pressed", String(pressed));

  for (const button of buttons) {
    button.addEventListener("click", () => {
      press(button, !isPressed(button));
      onChange();
    });
  }
  return {
    chosen: () => buttons.filter(isPressed).map(({ dataset }) => dataset.filter),
    choose: (words) => buttons.forEach((button) => press(button, words.includes(button.dataset.filter))),
  };
}
