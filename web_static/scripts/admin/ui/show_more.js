/** "Show more" below a list that comes in pages. */
import { h } from "../../lib/dom.js";
import { GatewayError } from "../../api/gateway_call.js";
import { t } from "../../lib/text.js";
import { actionButton } from "./controls.js";
import { troubleNotice } from "./error_notice.js";

/**
 * Make the button and the place of its trouble. `read(cursor)` asks for the page after `first`; `add(page)`
 * puts it into the list and returns what it added, the first of which gets the focus.
 */
export function mountNextPage(first, { read, add, signal }) {
  const trouble = h("div", {});
  const button = actionButton(t("admin.more"), () => next(), { className: "button" });
  const state = { cursor: null, asking: false };

  async function next() {
    if (state.asking) return;
    state.asking = true;
    trouble.replaceChildren();
    try {
      const page = await read(state.cursor);
      focusFirst(add(page));
      noteEnd(page);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof GatewayError)) throw error;
      trouble.replaceChildren(troubleNotice(error, next));
    } finally {
      state.asking = false;
    }
  }

  function noteEnd({ next_cursor: cursor }) {
    state.cursor = cursor ?? null;
    button.hidden = state.cursor === null;
  }

  noteEnd(first);
  return { button, trouble };
}

function focusFirst([row]) {
  if (row) (row.querySelector("a, summary") ?? Object.assign(row, { tabIndex: -1 })).focus();
}
