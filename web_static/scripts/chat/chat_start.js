/** What a conversation shows while it is empty: what the space is, and examples that one press sends. */
import { h, setText, show } from "../lib/dom.js";
import { textOf } from "./chat_call.js";
import { t } from "../lib/text.js";

const LETTERS = 90;

/** Mount it; `onChoose(example)` is called for a press. */
export function mountChatStart({ onChoose }) {
  const headline = h("h2", { class: "chat-start-title" }, t("chat.start"));
  const description = h("p", { class: "muted", dir: "auto" });
  const chips = h("ul", { class: "chat-examples", "aria-label": t("chat.examples"), hidden: true });
  const root = h("div", { class: "chat-start" }, headline, description, chips);
  let drawn = "";

  return {
    root,
    update({ description: words = "", examples = [] }) {
      setText(description, words);
      const key = JSON.stringify(examples);
      if (key === drawn) return;
      drawn = key;
      chips.replaceChildren(...examples.filter(({ prompt, messages }) => prompt || messages?.length).map((example) => h("li", {}, chip(example, onChoose))));
      show(chips, chips.hasChildNodes());
    },
  };
}

function chip(example, onChoose) {
  const button = h("button", { class: "button chat-example", type: "button", dir: "auto" }, nameOf(example));
  button.addEventListener("click", () => onChoose(example));
  return button;
}

function nameOf({ title, prompt, messages = [] }) {
  const text = title || prompt || textOf(messages.findLast(({ role }) => role === "user")?.content);
  const letters = Array.from(text ?? "");
  return letters.length > LETTERS ? `${letters.slice(0, LETTERS).join("")}…` : letters.join("");
}
