/** Requests that this browser sent, as links. */
import { addressOf } from "./address.js";
import { h } from "./dom.js";
import { moment } from "./format.js";

/** Mount the list; `update({entries, current, withSpace})` redraws it only when it differs. */
export function mountHistory(root) {
  let shown = "";

  function update({ entries, current = null, withSpace = false }) {
    const wanted = JSON.stringify([entries, current, withSpace]);
    if (wanted === shown) return;
    shown = wanted;
    root.replaceChildren(...entries.map((entry) => item(entry, { current, withSpace })));
  }

  return { update };
}

function item({ id, space, prompt, at }, { current, withSpace }) {
  const time = h("time", { class: "history-note", datetime: new Date(at).toISOString() }, moment(at));
  const place = withSpace ? h("span", { class: "history-note" }, space) : null;
  const attributes = { href: addressOf(space, id), "aria-current": id === current ? "page" : null };
  return h("li", {}, h("a", attributes, h("span", { class: "history-prompt" }, prompt), place, time));
}
