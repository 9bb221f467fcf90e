/** A "Show more" button for lists that come in pages. */
import { h } from "../../lib/dom.js";
import { GatewayError } from "../../api/gateway_call.js";
import { t } from "../../lib/text.js";
import { actionButton } from "./controls.js";
import { errorNotice } from "./error_notice.js";

/**
 * Make the button and a place for errors. `read(cursor)` loads the page after `first`; `add(page)` appends it to
 * the list and returns the new rows, the first of which gets the focus.
 */
export function mountShowMore(first, { read, add, signal }) {
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
      trouble.replaceChildren(errorNotice(error, next));
    } finally {
      // eslint-disable-next-line require-atomic-updates -- only the call that set it gets here
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
  if (row) (row.querySelector("a, summary, .link-button") ?? Object.assign(row, { tabIndex: -1 })).focus();
}
