/** Shows a new secret once, with instructions. */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { askInDialog } from "./dialog.js";
import { snippet } from "./snippet.js";

/**
 * Show a secret until the person confirms that they saved it, or agrees to leave the page; `command` is ready to
 * run.
 */
export function showSecret({ kind, secret, command = null, until = null }) {
  const body = [
    h("p", { class: "notice", "data-tone": "warn" }, t(`admin.secret.once_${kind}`)),
    until && h("p", {}, until),
    command && snippet(t("admin.secret.command"), command),
    snippet(t(`admin.secret.${kind}`), secret),
  ];
  const kept = new AbortController();
  window.addEventListener("beforeunload", (event) => event.preventDefault(), { signal: kept.signal });
  const shown = { title: t(`admin.secret.title_${kind}`), body: body.filter(Boolean), action: t("admin.secret.kept"), act: async () => true, back: null };
  return askInDialog(shown).finally(() => kept.abort());
}
