/** The next step after creating a space: connect a worker, with a token for it. */
import { announce } from "../../lib/announce.js";
import { GatewayError } from "../../api/gateway_call.js";
import { t } from "../../lib/text.js";
import { createToken } from "../lib/admin_api.js";
import { keepToken } from "../lib/fresh_token.js";

/** Create the first token of a new space, and go where its worker is connected; there it can be tried again. */
export async function connectNext({ space, title }, go) {
  try {
    const { token } = await createToken({ spaces: [space], label: t("admin.created.label", { space }) });
    keepToken(space, token);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
  announce(t("admin.created.title", { title: title || space }));
  go("connect", { space }, { replace: true, focus: true });
}
