/** Where a message is written: text, images, Send and Stop. It keeps the focus. */
import { announce } from "../lib/announce.js";
import { h, setAttribute, setText, show } from "../lib/dom.js";
import { size } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { readEnter } from "../request/browser_storage.js";
import { imagesIn, mountChatImages } from "./chat_images.js";
import { t } from "../lib/text.js";

const COUNT_FROM = 0.8; // of the limit
const DOUBLE_PRESS_MS = 600;
const TOUCH = matchMedia("(pointer: coarse)");

/**
 * Mount the composer. `measure(text, images)` gives {used, limit} of the call in bytes; `onSend(text, images)` returns
 * whether it was sent; `onDraft(text)` is called after every change, `onStop()` and `onCancelEdit()` for their buttons.
 */
export function mountComposer({ measure, onSend, onStop, onDraft, onCancelEdit }) {
  /** @type {[string, string[]] | null} */
  let setAside = null; // the draft, while an earlier message is edited
  const state = { busy: false, off: /** @type {string | null} */ (null), pressedAt: -Infinity };
  const text = h("textarea", { id: "chat-text", class: "chat-text", rows: 1, dir: "auto", placeholder: t("chat.placeholder"), "aria-describedby": "chat-problem" });
  const problem = h("p", { id: "chat-problem", class: "chat-problem", role: "alert" });
  const advice = h("p", { class: "chat-hint muted" });
  const count = h("span", { class: "chat-count muted" });
  const send = h("button", { class: "button is-primary chat-send", type: "submit", title: t("chat.send") }, icon("up"), h("span", { class: "visually-hidden" }, t("chat.send")));
  const stop = h("button", { class: "button chat-stop", type: "button", hidden: true });
  const cancelEdit = h("button", { class: "button is-small", type: "button" }, t("chat.cancel_edit"));
  const editing = h("p", { class: "chat-editing", hidden: true }, h("span", {}, t("chat.editing")), cancelEdit);
  const tools = h("div", { class: "chat-tools" });
  const box = h("div", { class: "chat-box" }, h("label", { class: "visually-hidden", for: "chat-text" }, t("chat.message")), text);
  const root = h("form", { class: "chat-composer", novalidate: true }, editing, box, problem, advice);
  const images = mountChatImages(box, { room: () => left(), onProblem: showProblem, onChange: changed });
  tools.append(images.button, images.input, count, send, stop);
  box.append(tools);

  const isEmpty = () => text.value.trim() === "" && images.urls().length === 0;

  function left() {
    const { used, limit } = measure(text.value.trim(), images.urls());
    return limit - used;
  }

  function showProblem(words) {
    setText(problem, words ?? "");
    setAttribute(text, "aria-invalid", words ? "true" : null);
  }

  function changed() {
    showProblem(null);
    fitHeight();
    draw();
    onDraft(text.value);
  }

  function draw() {
    const { used, limit } = measure(text.value.trim(), images.urls());
    setText(count, used >= limit * COUNT_FROM ? t("form.count", { used: size(used), limit: size(limit) }) : "");
    setAttribute(count, "data-tone", used > limit ? "bad" : null);
    setAttribute(send, "aria-disabled", isEmpty() || state.off !== null ? "true" : null);
    setAttribute(text, "enterkeyhint", enterSends() ? "send" : "enter");
  }

  function fitHeight() {
    text.style.setProperty("height", "auto");
    text.style.setProperty("height", `${text.scrollHeight}px`);
  }

  function submit() {
    const refusal = refusalOf();
    showProblem(refusal);
    const keepsFocus = refusal !== null || isEmpty() || onSend(text.value.trim(), images.urls());
    if (keepsFocus) text.focus(); // otherwise something else has to be mended first
  }

  function refusalOf() {
    if (state.off) return state.off;
    if (state.busy) return t("chat.busy");
    const { used, limit } = measure(text.value.trim(), images.urls());
    return used > limit ? t("chat.too_large", { over: size(used - limit), limit: size(limit) }) : null;
  }

  function fill(written, urls = []) {
    setAside = null;
    text.value = written;
    images.set(urls);
  }

  function fillForNow(written, urls) {
    const draft = setAside ?? [text.value, images.urls()];
    fill(written, urls);
    setAside = draft;
  }

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    state.pressedAt = event.timeStamp;
    submit();
  });
  text.addEventListener("input", changed);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !editing.hidden && !isComposing(event)) onCancelEdit();
    if (!isSendKey(event)) return;
    event.preventDefault();
    submit();
  });
  const addImages = (event, transfer) => {
    const found = imagesIn(transfer);
    if (found.length === 0) return;
    event.preventDefault();
    images.add(found);
  };
  text.addEventListener("paste", (event) => addImages(event, event.clipboardData));
  root.addEventListener("dragover", (event) => event.preventDefault());
  root.addEventListener("drop", (event) => addImages(event, event.dataTransfer));
  // A press does not take the focus, which on a phone would close the keyboard.
  for (const button of [send, stop]) button.addEventListener("pointerdown", (event) => event.preventDefault());
  // Stop takes the place of Send, and so the second press of a double click.
  stop.addEventListener("click", ({ detail, timeStamp }) => {
    const isMeant = detail < 2 && timeStamp - state.pressedAt > DOUBLE_PRESS_MS;
    if (isMeant) onStop();
    text.focus();
  });
  cancelEdit.addEventListener("click", () => {
    onCancelEdit();
    text.focus();
  });
  return {
    root,
    tools,
    fill,
    /** Fill it until `bringBack`, which shows again what was written before. */
    fillForNow,
    bringBack: () => setAside && fill(...setAside),
    showProblem(words) {
      showProblem(words);
      announce(words);
    },
    text: () => text.value,
    images: images.urls,
    focus: () => text.focus(),
    /** Show what can be done: `stopping` while an answer is being stopped, `off` why nothing can be sent. */
    update({ busy, stopping, edits, off, hint }) {
      Object.assign(state, { busy, off });
      if (!busy && problem.textContent === t("chat.busy")) showProblem(null);
      show(send, !busy);
      show(stop, busy);
      setAttribute(stop, "aria-disabled", stopping ? "true" : null);
      setText(stop, t(stopping ? "chat.stopping" : "chat.stop"));
      show(editing, edits);
      setText(advice, hint);
      draw();
    },
    fitHeight,
  };
}

/** Whether Enter sends: as the user chose, or else with a keyboard of its own. */
export const enterSends = () => (readEnter() ?? (TOUCH.matches ? "break" : "send")) === "send";

// While an input method is composing, keys belong to it; some browsers say so only by the key code.
const isComposing = (event) => event.isComposing || event.keyCode === 229;

function isSendKey(event) {
  if (event.key !== "Enter" || isComposing(event)) return false;
  return event.ctrlKey || event.metaKey || event.shiftKey !== enterSends();
}
