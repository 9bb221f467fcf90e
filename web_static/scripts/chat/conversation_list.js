/** The conversations that this browser keeps, as a list beside the conversation; on narrow screens behind a button. */
import { announce } from "../lib/announce.js";
import { h, setAttribute, setText, show } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { isSignedIn } from "../session/session.js";
import { titleOf } from "./conversation.js";
import { t } from "../lib/text.js";

const ARMED_MS = 4000;
const IN_BROWSER = { kept: "chat.kept_here", delete: "chat.delete", short: "chat.delete_short", deleted: "chat.deleted" };
const IN_TAB = { kept: "chat.kept_in_tab", delete: "chat.delete_in_tab", short: "chat.delete_short_in_tab", deleted: "chat.deleted_in_tab" };

// What a signed-in user writes lasts only as long as the tab.
const keys = () => (isSignedIn() ? IN_TAB : IN_BROWSER);

/** Mount the list; `onOpen(id)`, `onNew()` and `onDelete(id)` are called for its buttons. */
export function mountConversationList({ onOpen, onNew, onDelete }) {
  const list = h("ul", { class: "chat-list", id: "chat-list" });
  const toggle = h("button", { class: "button chat-list-toggle", type: "button", "aria-expanded": "false", "aria-controls": "chat-list-body" }, t("chat.conversations"));
  const fresh = h("button", { class: "button chat-new", type: "button" }, icon("plus"), h("span", {}, t("chat.new")));
  const words = h("p", { class: "muted chat-list-words" });
  const body = h("div", { class: "chat-list-body", id: "chat-list-body" }, list, words);
  const root = h("aside", { class: "chat-side", "aria-label": t("chat.conversations") }, h("div", { class: "chat-side-head" }, toggle, fresh), body);
  let drawn = "";

  function open(opened) {
    setAttribute(root, "data-open", opened);
    setAttribute(toggle, "aria-expanded", String(opened));
  }

  function choose(act) {
    open(false);
    act();
  }

  function rowOf(conversation, place, current) {
    const isCurrent = conversation.id === current;
    const title = titleOf(conversation) || t("chat.untitled");
    const link = h("button", { class: "chat-list-item", type: "button", dir: "auto", "aria-current": isCurrent ? "true" : null }, title);
    link.addEventListener("click", () => choose(() => onOpen(conversation.id)));
    return h("li", {}, link, deleteButton(title, () => {
      onDelete(conversation.id);
      announce(t(keys().deleted));
      if (!isCurrent) focusNear(place);
    }));
  }

  function focusNear(place) {
    const bins = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".chat-delete")]);
    (bins[place] ?? bins.at(-1) ?? fresh).focus();
  }

  toggle.addEventListener("click", () => open(!root.hasAttribute("data-open")));
  fresh.addEventListener("click", () => choose(onNew));
  root.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !root.hasAttribute("data-open")) return;
    open(false);
    toggle.focus();
  });
  return {
    root,
    update(conversations, current) {
      const key = JSON.stringify([isSignedIn(), current, conversations.map((each) => [each.id, titleOf(each)])]);
      if (key === drawn) return;
      drawn = key;
      list.replaceChildren(...conversations.map((each, place) => rowOf(each, place, current)));
      setText(words, t(keys().kept));
      show(words, conversations.length > 0);
    },
  };
}

// Pressed once, it asks; pressed again within a moment, it deletes.
function deleteButton(title, onDelete) {
  const label = h("span", { class: "icon-label" });
  const button = h("button", { class: "button is-icon chat-delete", type: "button" }, icon("bin"), label);
  let armed = false;

  function arm(wanted) {
    armed = wanted;
    button.classList.toggle("is-telling", armed);
    setText(label, armed ? t("chat.really_delete") : t(keys().delete, { title }));
    setAttribute(button, "title", armed ? null : t(keys().short));
  }

  button.addEventListener("click", ({ detail }) => {
    if (armed && detail < 2) onDelete();
    else {
      arm(true);
      setTimeout(arm, ARMED_MS, false);
    }
  });
  button.addEventListener("blur", () => arm(false));
  arm(false);
  return button;
}
