/** The turns of a conversation, from top to bottom; changes only what differs, so that selections and focus stay. */
import { h } from "../lib/dom.js";
import { isSameJson } from "../lib/exact_json.js";
import { mountAnswerTurn, mountQuestion } from "./turn_view.js";
import { t } from "../lib/text.js";

/** Mount the list; `update({conversation, live, busy, editIndex})` draws it. */
export function mountTurnList(space, { onEdit, onAgain, onBrokenLink }) {
  const list = h("ol", { class: "chat-turns", "aria-labelledby": "chat-title" });
  const root = h("div", { class: "chat-talk" }, h("h2", { class: "visually-hidden", id: "chat-title" }, t("chat.conversation")), list);
  /** @type {{key: Json, view: Json}[]} */
  let rows = [];

  function rowFor(turn, index, conversation) {
    const key = { id: conversation.id, role: turn.role, content: turn.role === "assistant" ? null : turn.content };
    const row = rows[index];
    if (row && isSameTurn(row.key, key)) return row;
    const view = turn.role === "assistant" ? mountAnswerTurn(space, { onAgain, onBrokenLink }) : mountQuestion(turn, { onEdit: () => onEdit(index) });
    return { key, view };
  }

  function update({ conversation, live, busy, editIndex }) {
    const { turns } = conversation;
    const next = turns.map((turn, index) => rowFor(turn, index, conversation));
    rows.filter((row) => !next.includes(row)).forEach(({ view }) => view.root.remove());
    rows = next;
    rows.forEach(({ view }, index) => {
      const isLast = index === turns.length - 1;
      if (list.children[index] !== view.root) list.insertBefore(view.root, list.children[index] ?? null);
      view.update({ turn: turns[index], live: isLast ? live : null, isLast, busy, edits: editIndex !== null && index >= editIndex });
      view.root.toggleAttribute("data-edited", editIndex !== null && index >= editIndex);
    });
  }

  return { root, update };
}

const isSameTurn = (one, other) => one.id === other.id && one.role === other.role && (one.content === other.content || isSameJson(one.content, other.content));
