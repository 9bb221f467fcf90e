/** Connects the first worker of a space: install, run the command, wait for it, share the space. */
import { h } from "../../lib/dom.js";
import { siteConfig } from "../../lib/site_config.js";
import { t } from "../../lib/text.js";
import { adminAddress } from "../lib/admin_address.js";
import { createToken, readSpace } from "../lib/admin_api.js";
import { takeToken } from "../lib/fresh_token.js";
import { actionButton, viewHead } from "../ui/controls.js";
import { errorNotice } from "../ui/error_notice.js";
import { showLoaded } from "../ui/load_view.js";
import { snippet } from "../ui/snippet.js";
import { GatewayError } from "../../api/gateway_call.js";
import { INSTALL } from "./commands.js";
import { makeWays } from "./ways.js";
import { mountWorkerWait } from "./worker_wait.js";

/** Show the steps for the space of the address; the token is the one that was just created, if there is one. */
export function showView(root, { values: { space = "" }, signal }) {
  const token = takeToken(space);
  const load = (turn) => Promise.all([readSpace(space, turn), siteConfig()]);
  const draw = ([settings, { socket_url: url }]) => drawSteps(settings, { url, token, signal });
  return showLoaded(root, { load, draw, signal });
}

function drawSteps({ space, title, features }, { url, token, signal }) {
  const back = h("nav", { class: "breadcrumb", "aria-label": t("admin.tab.spaces") }, h("a", { href: adminAddress("space", { space }) }, t("admin.connect.settings")));
  const ways = makeWays({ space, features, url });
  const wait = h("div", { class: "connect-wait" });
  mountWorkerWait(wait, space, signal);
  return h(
    "div",
    { class: "admin-view connect" },
    h("div", {}, back, viewHead(t("admin.connect.title", { title: title || space }), t("admin.connect.lead"))),
    step("install", snippet(t("admin.connect.terminal"), INSTALL)),
    step("model", tokenPart(space, token, ways), ways.root),
    step("wait", wait),
  );
}

const step = (name, ...content) => h("section", { class: "panel connect-step" }, h("h3", {}, t(`admin.connect.step_${name}`)), ...content);

/** Says that the token is shown once, or offers to create one. */
function tokenPart(space, token, ways) {
  const root = h("div", { class: "connect-token" });
  const shown = () => h("p", { class: "notice", "data-tone": "warn" }, t("admin.connect.once"));

  async function create() {
    try {
      const made = await createToken({ spaces: [space], label: t("admin.created.label", { space }) });
      ways.update(made.token);
      root.replaceChildren(shown());
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      root.replaceChildren(offer(), errorNotice(error));
    }
  }

  const offer = () => h("div", { class: "notice" }, h("p", {}, t("admin.connect.needs_token")), h("div", { class: "notice-actions" }, actionButton(t("admin.created.token"), create, { className: "button" })));
  ways.update(token);
  root.append(token === null ? offer() : shown());
  return root;
}
