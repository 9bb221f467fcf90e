/** The next step after creating a space: connect a worker. */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { createToken } from "../lib/admin_api.js";
import { askInDialog } from "../ui/dialog.js";
import { showSecret } from "../ui/show_secret.js";

/** Confirm that the space exists, and offer a token and command for its first worker. */
export async function showNextSteps({ created, go }) {
  const title = t("admin.created.title", { title: created.title });
  const body = [h("p", {}, t("admin.created.words"))];
  const act = () => createToken({ spaces: [created.space], label: t("admin.created.label", { space: created.space }) });
  const token = await askInDialog({ title, body, action: t("admin.created.token"), act, back: t("admin.created.later") });
  if (token) await showSecret({ kind: "token", secret: token.token, command: token.command });
  go("space", { space: created.space }, { replace: true });
}
