/** Requests that were sent before, as links with their state; each can be deleted. */
import { addressOf } from "./address.js";
import { mountDeleteButton } from "./delete_button.js";
import { h } from "./dom.js";
import { moment } from "./format.js";
import { icon } from "./icons.js";
import { hasText, t } from "./text.js";

const ICONS = { COMPLETED: "check", FAILED: "cross", TIMED_OUT: "clock", CANCELLED: "cross", IN_QUEUE: "clock", IN_PROGRESS: "again" };
const TONES = { COMPLETED: "good", FAILED: "bad", TIMED_OUT: "bad", IN_PROGRESS: "accent" };
const ENDS = new Set(["COMPLETED", "FAILED", "TIMED_OUT", "CANCELLED"]);

/**
 * Mount the list; `update({entries, current, withSpace})` redraws it only when it differs. An entry is
 * {id, space, prompt, at, status}. `onDeleted(id)` hears what was deleted; without it nothing can be.
 */
export function mountHistory(root, { onDeleted = null } = {}) {
  let shown = "";

  function update({ entries, current = null, withSpace = false }) {
    const wanted = JSON.stringify([entries, current, withSpace]);
    if (wanted === shown) return;
    shown = wanted;
    root.replaceChildren(...entries.map((entry) => item(entry, { current, withSpace, onDeleted })));
  }

  return { update };
}

function item(entry, { current, withSpace, onDeleted }) {
  const { id, space, prompt, at, status } = entry;
  const time = h("time", { class: "history-note", datetime: new Date(at).toISOString() }, moment(at));
  const place = withSpace ? h("span", { class: "history-note" }, space) : null;
  const attributes = { href: addressOf(space, id), "aria-current": id === current ? "page" : null };
  const title = h("span", { class: "history-prompt" }, prompt || t("history.no_prompt"));
  const away = onDeleted && ENDS.has(status) ? deleteButton(entry, onDeleted) : null;
  return h("li", {}, h("a", attributes, stateOf(status), title, place, time), away);
}

function stateOf(status) {
  if (!hasText(`history.state.${status}`)) return null;
  const word = t(`history.state.${status}`);
  const sign = h("span", { class: "badge history-state", "data-tone": TONES[status] ?? "none", title: word }, icon(ICONS[status]));
  sign.append(h("span", { class: "history-state-word" }, word));
  return sign;
}

function deleteButton({ id, space, prompt }, onDeleted) {
  const button = h("button", { class: "button is-small is-bare", type: "button" });
  mountDeleteButton(button, { read: () => ({ space, id }), nameOf: (words) => t("history.delete", { words, prompt: prompt || t("history.no_prompt") }), onDeleted: () => onDeleted(id) });
  return button;
}
