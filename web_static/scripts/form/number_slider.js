/** A slider beside a number that has two limits. The number holds the value, also for keyboard and screen readers. */
import { h } from "../lib/dom.js";

/** Make the slider of a number input, or null if the field has no two limits; `sync()` moves it to the number. */
export function numberSlider({ kind, min, max, step }, input) {
  if (!isBounded(kind, min, max)) return null;
  const fine = kind === "integer" ? 1 : (Number(max) - Number(min)) / 100;
  const slider = h("input", { class: "option-slider", type: "range", min, max, step: step ?? fine, tabindex: "-1", "aria-hidden": "true" });
  const sync = () => (slider.value = input.value === "" ? String(min) : input.value);

  slider.addEventListener("input", () => {
    input.value = slider.value;
    input.dispatchEvent(new Event("input")); // clears its problem; the slider's own event reaches the form
  });
  input.addEventListener("input", sync);
  return { root: slider, sync };
}

const isBounded = (kind, min, max) => (kind === "number" || kind === "integer") && min !== undefined && max !== undefined && Number(max) > Number(min);
