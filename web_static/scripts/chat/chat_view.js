/** The elements of a conversation: list, turns, composer. */
import { h, show } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { mountChatOptions } from "./chat_options.js";
import { mountChatStart } from "./chat_start.js";
import { mountComposer } from "./composer.js";
import { mountConversationList } from "./conversation_list.js";
import { followEnd } from "./follow_end.js";
import { mountTurnList } from "./turn_list.js";
import { t } from "../lib/text.js";

/** Mount them; `on` has what is called for each thing that the user does. */
export function mountChatView(root, space, on) {
  const composer = mountComposer(on);
  const options = mountChatOptions({ onChange: on.onOptions, onChosen: on.onOptionsChosen, onEnterChanged: on.onEnterChanged });
  const turns = mountTurnList(space, on);
  const start = mountChatStart({ onChoose: on.onExample });
  const list = mountConversationList(on);
  const end = followEnd(turns.root, composer.root);
  const fresh = h("button", { class: "button is-icon chat-new-small", type: "button", title: t("chat.new") }, icon("plus"), h("span", { class: "icon-label" }, t("chat.new")));
  fresh.addEventListener("click", on.onNew);
  composer.tools.prepend(options.button, fresh);
  composer.root.prepend(end.button, options.root);
  root.replaceChildren(list.root, h("div", { class: "chat-main" }, start.root, turns.root, composer.root));

  function update({ conversation, conversations, live, busy, stopping, edit, space: seen, off, hint }) {
    const isEmpty = conversation.turns.length === 0;
    show(start.root, isEmpty);
    show(turns.root, !isEmpty);
    root.toggleAttribute("data-empty", isEmpty);
    start.update(seen ?? {});
    turns.update({ conversation, live, busy, editIndex: edit });
    list.update(conversations, conversation.id);
    composer.update({ busy, stopping, edits: edit !== null, off, hint });
  }

  return { update, composer, options, side: list.root, toEnd: end.toEnd };
}
