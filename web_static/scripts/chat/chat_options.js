/** The options of a conversation: system prompt, sampling, and what Enter does. */
import { h, setAttribute, setText } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { storeEnter } from "../request/browser_storage.js";
import { enterSends } from "./composer.js";
import { t } from "../lib/text.js";

const NUMBERS = [
  { name: "temperature", min: 0, max: 2, step: 0.1 },
  { name: "top_p", min: 0, max: 1, step: 0.05 },
  { name: "max_tokens", min: 1, max: null, step: 1 },
];

/** Mount them: a button, and the panel that it opens. `onChange(options)` gets each change, `onChosen()` is called after the last one of a field. */
export function mountChatOptions({ onChange, onChosen, onEnterChanged }) {
  const button = h("button", { class: "button is-icon", type: "button", "aria-expanded": "false", "aria-controls": "chat-options", title: t("chat.options") }, icon("sliders"), h("span", { class: "icon-label" }, t("chat.options")));
  const system = h("textarea", { id: "chat-system", class: "chat-system", rows: 2, dir: "auto", placeholder: t("chat.system_placeholder") });
  const fields = NUMBERS.map(numberField);
  const enter = h("input", { type: "checkbox", id: "chat-enter" });
  const root = h(
    "div",
    { class: "chat-options", id: "chat-options", role: "group", "aria-label": t("chat.options"), hidden: true },
    h("div", { class: "chat-option" }, h("label", { for: "chat-system" }, t("chat.system")), system),
    h("div", { class: "chat-sampling" }, ...fields.map((field) => field.root)),
    h("label", { class: "chat-enter", for: "chat-enter" }, enter, h("span", {}, t("chat.enter_sends"))),
  );
  /** @type {Json} */
  let options = {};

  function open(opened) {
    root.hidden = !opened;
    setAttribute(button, "aria-expanded", String(opened));
    if (opened) system.focus();
    else button.focus();
  }

  function changed() {
    const values = Object.fromEntries(fields.map((field) => [field.name, field.value()]));
    options = { ...options, system: system.value, ...values };
    onChange(options);
  }

  button.addEventListener("click", () => open(root.hidden));
  root.addEventListener("input", ({ target }) => {
    if (target !== enter) changed();
  });
  root.addEventListener("change", ({ target }) => {
    if (target !== enter) onChosen();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open(false);
    if (event.key === "Enter" && /** @type {Element} */ (event.target).matches("input")) event.preventDefault(); // it would send the message
  });
  enter.checked = enterSends();
  enter.addEventListener("change", () => {
    storeEnter(enter.checked ? "send" : "break");
    onEnterChanged();
  });
  return {
    root,
    button,
    /** Whether all fields hold what a model can take; if not, the wrong one is shown. */
    check() {
      const wrong = fields.find((field) => !field.check());
      if (wrong && root.hidden) open(true);
      wrong?.focus();
      return !wrong;
    },
    fill(filled) {
      options = filled;
      if (system.value.trim() !== filled.system.trim()) system.value = filled.system;
      for (const field of fields) field.fill(filled[field.name]);
    },
  };
}

function numberField({ name, min, max, step }) {
  const id = `chat-${name}`;
  const input = h("input", { id, type: "number", min, max, step: "any", inputmode: step === 1 ? "numeric" : "decimal", placeholder: t("chat.by_model"), "aria-describedby": `${id}-problem` });
  const problem = h("span", { id: `${id}-problem`, class: "chat-problem" });
  const isWhole = () => step !== 1 || Number.isInteger(input.valueAsNumber);
  const isRight = () => input.validity.valid && (input.value === "" || isWhole());

  function check() {
    setAttribute(input, "aria-invalid", isRight() ? null : "true");
    setText(problem, isRight() ? "" : t(`chat.wrong_${name}`));
    return isRight();
  }

  input.addEventListener("input", check);
  return {
    name,
    check,
    root: h("div", { class: "chat-option" }, h("label", { for: id }, t(`chat.${name}`)), input, problem),
    focus: () => input.focus(),
    value: () => (isRight() && input.value !== "" ? input.valueAsNumber : null),
    fill(value) {
      if (value === null || value === undefined) {
        if (isRight()) input.value = "";
      } else if (input.valueAsNumber !== value) input.value = String(value);
      check();
    },
  };
}
