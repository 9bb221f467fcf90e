/** One turn of a conversation: a question, or an answer that may still be written. */
import { h, setAttribute, setLines, setText, show } from "../lib/dom.js";
import { copyFrom } from "../lib/copy_text.js";
import { icon } from "../lib/icons.js";
import { resultAddress } from "../lib/page_address.js";
import { makeFlowingText } from "../result/flowing_text.js";
import { mountLongText } from "../result/long_text.js";
import { mountAnswerFiles } from "./answer_files.js";
import { imagesOf, textOf } from "./chat_call.js";
import { t } from "../lib/text.js";

/** A question of the user, or a message of another role; `onEdit()` is called to change it. */
export function mountQuestion(turn, { onEdit }) {
  const { role, content } = turn;
  const text = textOf(content);
  const images = imagesOf(content).map((url, index) => h("img", { src: url, alt: t("chat.image", { number: index + 1 }) }));
  const mine = role === "user";
  const bubble = h("div", { class: "chat-bubble" }, images.length > 0 ? h("div", { class: "chat-pictures" }, ...images) : null, text === "" ? null : h("p", { class: "chat-question", dir: "auto" }, text));
  const edit = mine && !turn.raw ? iconButton("pencil", t("chat.edit"), onEdit) : null;
  const actions = h("div", { class: "chat-actions" }, edit, copyButton(() => text));
  const root = h("li", { class: "chat-turn", "data-role": role }, h("h3", { class: mine ? "visually-hidden" : "muted" }, mine ? t("chat.you") : role), bubble, actions);

  return {
    root,
    update({ busy, edits }) {
      if (edit) show(edit, !busy);
      setAttribute(root, "data-edited", edits);
    },
  };
}

/** An answer of the model; `onAgain()` is called to ask for another one. */
export function mountAnswerTurn(space, { onAgain, onBrokenLink }) {
  const long = mountLongText();
  const draw = makeFlowingText(long.update);
  long.root.dir = "auto";
  const thought = h("p", { class: "plain-text", dir: "auto" });
  const reasoning = h("details", { class: "chat-reasoning", hidden: true }, h("summary", {}, t("chat.reasoning")), thought);
  const tools = h("pre", { class: "chat-tool-calls", hidden: true });
  const files = mountAnswerFiles(onBrokenLink);
  const status = h("div", { class: "chat-status muted", hidden: true });
  const note = h("p", { class: "chat-note muted", hidden: true });
  const problem = mountProblem(onAgain);
  const again = iconButton("again", t("chat.again"), onAgain);
  const copy = copyButton(() => shown.text);
  const details = h("a", { class: "button is-icon", target: "_blank", rel: "noopener", title: t("chat.details") }, icon("info"), h("span", { class: "icon-label" }, t("chat.details")));
  const actions = h("div", { class: "chat-actions" }, copy, again, details);
  const root = h("li", { class: "chat-turn", "data-role": "assistant" }, h("h3", { class: "visually-hidden" }, t("chat.model")), reasoning, long.root, tools, files.root, status, problem.root, note, actions);
  const shown = { text: "" };

  /** `live` is {text, until, status, files} of the request that the answer comes from; null if the page does not follow it. */
  function update({ turn, live, isLast, busy }) {
    const [open, failed] = [turn.state === "open", turn.state === "failed"];
    const now = live ?? { text: "", until: null, status: [], files: [] };
    updateText(turn, open ? now.text : textOf(turn.content), now.until);
    files.update(now.files);
    setLines(status, open ? now.status : []);
    show(status, status.hasChildNodes());
    problem.update(failed ? turn.problem : null, isLast && !busy);
    setText(note, failed ? "" : (turn.problem?.words ?? []).join(" "));
    show(note, note.textContent !== "");
    updateActions({ turn, open, isLast, busy });
  }

  function updateText({ reasoning: thoughts = "", raw, state }, text, until) {
    const open = state === "open";
    shown.text = text;
    draw(text, !open, until);
    show(long.root, text !== "");
    root.toggleAttribute("data-writing", open);
    setText(thought, thoughts);
    show(reasoning, thoughts !== "");
    showToolCalls(tools, raw?.tool_calls);
  }

  function updateActions({ turn, open, isLast, busy }) {
    show(actions, !open);
    show(again, isLast && !busy && turn.state !== "failed");
    if (copy) show(copy, shown.text !== "");
    show(details, Boolean(turn.request));
    if (turn.request) setAttribute(details, "href", resultAddress(space, turn.request));
  }

  return { root, update };
}

function mountProblem(onAgain) {
  const headline = h("p", { class: "notice-title" });
  const words = h("div", {});
  const quote = h("p", { class: "notice-words", dir: "auto" });
  const again = h("button", { class: "button is-small", type: "button" }, t("chat.try_again"));
  const root = h("div", { class: "notice", "data-tone": "bad", hidden: true }, headline, words, quote, h("div", { class: "notice-actions" }, again));
  again.addEventListener("click", onAgain);

  function update(problem, canRepeat) {
    show(root, problem !== null && problem !== undefined);
    setText(headline, problem?.headline ?? "");
    setLines(words, problem?.words ?? []);
    setText(quote, problem?.quote ?? "");
    show(quote, Boolean(problem?.quote));
    show(again, canRepeat);
  }

  return { root, update };
}

function showToolCalls(root, calls) {
  const lines = Array.isArray(calls) ? calls.map((call) => nameOf(Object(Object(call).function))) : [];
  show(root, lines.length > 0);
  setText(root, lines.join("\n"));
}

const nameOf = ({ name, arguments: given }) => `${name}(${given ?? ""})`;

function iconButton(name, words, onPress) {
  const button = h("button", { class: "button is-icon", type: "button", title: words }, icon(name), h("span", { class: "icon-label" }, words));
  button.addEventListener("click", () => onPress(button));
  return button;
}

function copyButton(read) {
  if (!navigator.clipboard) return null;
  return iconButton("copy", t("copy.copy"), (button) => copyFrom(button, read()));
}
