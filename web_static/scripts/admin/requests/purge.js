/** Ends a space's open requests, after showing how many there are. */
import { announce } from "../../lib/announce.js";
import { h, setText } from "../../lib/dom.js";
import { GatewayError } from "../../api/gateway_call.js";
import { t } from "../../lib/text.js";
import { purge } from "../lib/admin_api.js";
import { askInDialog } from "../ui/dialog.js";
import { errorWords } from "../ui/error_notice.js";
import { makeField } from "../ui/form_field.js";

const STATES = ["IN_QUEUE", "IN_PROGRESS"];

/** Ask which requests to end and show their number. Resolves with whether they were ended. */
export async function askPurge(space) {
  const states = makeField({ name: "states", kind: "checks", options: STATES, texts: "admin.purge", required: t("admin.purge.none"), label: t("admin.purge.which") }, () => undefined);
  states.write(["IN_QUEUE"]);
  const count = h("p", { role: "status" });
  const recount = () => showCount(count, space, states.read());
  states.root.addEventListener("change", recount);
  recount();
  const act = () => purgeAll(space, states.read());
  const given = await askInDialog({ title: t("admin.purge.title", { space }), body: [states.root, count], action: t("admin.purge.action"), act, danger: true, fields: [states] });
  if (given === null) return false;
  announce(t("admin.purge.done", { count: given.count }));
  return true;
}

// The gateway ends a limited number per call.
async function purgeAll(space, states) {
  let count = 0;
  let left = 1;
  while (left > 0) {
    const given = await purge(space, states, { dryRun: false });
    count += given.count;
    left = given.count > 0 ? (given.left ?? 0) : 0;
  }
  return { count };
}

async function showCount(element, space, states) {
  setText(element, states.length > 0 ? t("admin.purge.counting") : "");
  if (states.length === 0) return;
  try {
    const { count, left = 0 } = await purge(space, states, { dryRun: true });
    setText(element, count + left > 0 ? t("admin.purge.count", { count: count + left }) : t("admin.purge.nothing"));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    setText(element, errorWords(error));
  }
}
