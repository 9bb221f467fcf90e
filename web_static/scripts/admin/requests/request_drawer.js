/** One request at the side of the list: its facts, what went wrong, and what can be done. Back closes it. */
import { GatewayError } from "../../api/gateway_call.js";
import { readResult } from "../../api/api.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/text.js";
import { ticketOf } from "../lib/ticket.js";
import { errorWords } from "../ui/error_notice.js";
import { errorWord, factsOf, joinRequest } from "./request_facts.js";
import { actionOf, stateBadge } from "./request_actions.js";

const ENDED = ["COMPLETED", "FAILED", "TIMED_OUT", "CANCELLED"];

/**
 * Make the drawer of a list: `open(id, entry)` shows a request, `update(entries)` what the list knows by now. The
 * address names the open request; `changed()` is called after it was cancelled or retried, `closed(id)` when the
 * drawer has been closed.
 */
export function makeDrawer({ signal, changed, closed }) {
  /** @type {any} */
  let shown = null;

  function open(id, entry = null, { isNew = true } = {}) {
    if (shown) return;
    if (isNew) history.pushState({ drawer: true }, "", addressWith(id));
    const body = h("div", { class: "drawer-body" });
    const shut = h("button", { class: "button is-small is-bare", type: "button", "aria-label": t("admin.drawer.close") }, icon("cross"));
    const title = h("h2", { id: "drawer-title" }, t("admin.drawer.title", { ticket: ticketOf(id) }));
    const dialog = h("dialog", { class: "drawer", "aria-labelledby": title.id, closedby: "any" }, h("div", { class: "drawer-head" }, title, shut), body);
    shown = { id, entry, result: null, trouble: null, dialog, body, isNew };
    shut.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", close);
    document.body.append(dialog);
    draw();
    dialog.showModal();
    readRest();
  }

  // What was pushed for the drawer is taken back, so that Back does not open it again.
  function close() {
    const { id, dialog } = shown;
    shown = null;
    dialog.remove();
    if (history.state?.drawer) history.back();
    else if (new URLSearchParams(location.search).has("request")) history.replaceState(null, "", addressWith(null));
    closed(id);
  }

  function draw() {
    const { id, entry, result, trouble, body } = shown;
    if (entry === null && result === null && trouble === null) body.replaceChildren(h("p", { class: "muted", role: "status" }, t("site.loading")));
    else body.replaceChildren(...partsOf({ id, entry, trouble, known: joinRequest(entry, result), changed: redone }));
  }

  function redone() {
    changed();
    readRest();
  }

  // Sizes, model and tokens are those of an ended request; the list does not have them.
  async function readRest() {
    const asked = shown;
    try {
      const result = await readResult(spaceOf(asked.id), asked.id, signal);
      Object.assign(asked, { result, trouble: null });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof GatewayError)) throw error;
      asked.trouble = error;
    }
    if (shown === asked) draw();
  }

  function update(entries) {
    const entry = shown && entries.find((each) => each.request_id === shown.id);
    if (!entry || JSON.stringify(entry) === JSON.stringify(shown.entry)) return;
    const hasEnded = ENDED.includes(entry.status) && !ENDED.includes(shown.entry?.status);
    shown.entry = entry;
    draw();
    if (hasEnded) readRest();
  }

  window.addEventListener("popstate", () => shown?.dialog.close(), { signal });
  signal.addEventListener("abort", () => shown?.dialog.close());
  return { open, update };
}

function addressWith(id) {
  const values = new URLSearchParams(location.search);
  if (id) values.set("request", id);
  else values.delete("request");
  return `./admin.html?${values}`;
}

function partsOf({ id, entry, trouble, known, changed }) {
  const address = `./space.html?${new URLSearchParams({ space: spaceOf(id), request: id })}`;
  const link = h("a", { class: "button is-small", href: address }, t("admin.drawer.open"));
  const facts = factsOf(known).map(([name, words]) => h("div", {}, h("dt", {}, t(`admin.drawer.${name}`)), h("dd", { dir: "auto" }, words)));
  const whole = h("div", { class: "is-wide" }, h("dt", {}, t("admin.drawer.id")), h("dd", {}, h("code", {}, id)));
  return [
    known.status && h("p", {}, stateBadge(known)),
    failure(known),
    trouble && h("p", { class: "notice", "data-tone": "warn" }, goneWords(trouble)),
    h("dl", { class: "metadata" }, ...facts, whole),
    h("div", { class: "panel-actions" }, link, entry && actionOf(entry, changed)),
  ].filter(Boolean);
}

const spaceOf = (id) => id.split(".")[0];

function failure(known) {
  const word = errorWord(known);
  if (word === null) return null;
  const words = known.error ? h("p", { dir: "auto" }, known.error) : null;
  return h("div", { class: "notice", "data-tone": "bad" }, h("p", { class: "notice-title" }, word), words);
}

const goneWords = (error) => (error.status === 404 || error.status === 410 ? t("admin.drawer.gone") : errorWords(error));
