/** A list of earlier requests as links with their state; each can be deleted. */
import { spaceAddress } from "../lib/page_address.js";
import { mountDeleteButton } from "../result/delete_button.js";
import { h, setAttribute, setText } from "../lib/dom.js";
import { dateTime } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { hasText, t } from "../lib/text.js";

const ICONS = { COMPLETED: "check", FAILED: "cross", TIMED_OUT: "clock", CANCELLED: "cross", IN_QUEUE: "clock", IN_PROGRESS: "again" };
const TONES = { COMPLETED: "good", FAILED: "bad", TIMED_OUT: "bad", IN_PROGRESS: "accent" };
const ENDS = new Set(["COMPLETED", "FAILED", "TIMED_OUT", "CANCELLED"]);

/**
 * Mount the list; `update({entries, current, withSpace})` changes only what differs, so rows keep their focus. An
 * entry is {id, space, prompt, at, status, ids}, with the `ids` of all its messages if it stands for a conversation.
 * `onDeleted(ids)` is called after a deletion; without it, entries cannot be deleted.
 * @param {HTMLElement} root
 * @param {{onDeleted?: ((ids: string[]) => void) | null}} options
 */
export function mountHistoryList(root, { onDeleted = null } = {}) {
  const rows = new Map();

  function rowOf(entry) {
    if (!rows.has(entry.id)) rows.set(entry.id, mountRow(entry, onDeleted));
    return rows.get(entry.id);
  }

  /** @param {{entries: Json[], current?: string | null, withSpace?: boolean}} shown */
  function update({ entries, current = null, withSpace = false }) {
    const wanted = new Set(entries.map(({ id }) => id));
    for (const [id, row] of rows) {
      if (wanted.has(id)) continue;
      row.root.remove();
      rows.delete(id);
    }
    entries.forEach((entry, index) => {
      const row = rowOf(entry);
      row.update(entry, { isCurrent: entry.id === current, withSpace });
      if (root.children[index] !== row.root) root.insertBefore(row.root, root.children[index] ?? null);
    });
  }

  return { update };
}

function mountRow(entry, onDeleted) {
  const state = h("span", { class: "badge history-state" });
  const title = h("span", { class: "history-prompt", dir: "auto" });
  const place = h("span", { class: "history-note" }, entry.space);
  const time = h("time", { class: "history-note", datetime: new Date(entry.at).toISOString() });
  const count = h("span", { class: "history-note" });
  const link = h("a", { href: spaceAddress(entry.space, entry.id) }, state, title, place, count, time);
  const root = h("li", {}, link);
  /** @type {HTMLButtonElement | null} */
  let away = null;

  let ids = [entry.id];

  function update({ prompt, at, status, ids: all = [entry.id] }, { isCurrent, withSpace }) {
    ids = all;
    setAttribute(link, "aria-current", isCurrent ? "page" : null);
    updateState(state, status);
    setText(title, prompt || t("history.no_prompt"));
    place.hidden = !withSpace;
    setText(time, dateTime(at));
    count.hidden = ids.length === 1;
    setText(count, t("history.messages", { count: ids.length }));
    if (away || !onDeleted || !ENDS.has(status)) return;
    away = deleteButton(entry, () => ids, onDeleted);
    root.append(away);
  }

  return { root, update };
}

function updateState(sign, status) {
  if (sign.dataset.status === status) return;
  sign.dataset.status = status;
  sign.hidden = !hasText(`history.state.${status}`);
  if (sign.hidden) return;
  const word = t(`history.state.${status}`);
  setAttribute(sign, "data-tone", TONES[status] ?? "none");
  sign.title = word;
  sign.replaceChildren(icon(ICONS[status]), h("span", { class: "history-state-word" }, word));
}

// The oldest message goes first: as long as one is left, so is the entry.
function deleteButton({ space, prompt }, readIds, onDeleted) {
  const button = h("button", { class: "button is-small is-bare", type: "button" });
  const nameOf = (words) => t("history.delete", { words, prompt: prompt || t("history.no_prompt") });
  mountDeleteButton(button, { read: () => ({ space, ids: readIds().toReversed() }), nameOf, onDeleted });
  return button;
}
