/** Advice while no worker is connected: for visitors, and for the worker's operator. */
import { announce } from "../lib/announce.js";
import { copyButton } from "../lib/copy_button.js";
import { h, keepFocusIn, part, setText, show } from "../lib/dom.js";
import { siteConfig } from "../lib/site_config.js";
import { t } from "../lib/text.js";

const AT_REST = new Set(["idle", "ended"]); // in other phases, the result says what a worker means for the request

/**
 * Mount the advice; `update(space, phase)` shows it while the space has no worker, and announces when one
 * connects.
 */
export function mountNoWorker(root, name) {
  const code = part(root, "worker-command");
  const command = (socket) => `spaces-worker run --url ${socket} --spaces ${name} --function my_model.py:answer`;

  function showCommand(socket) {
    const text = command(socket);
    const copy = copyButton(() => text);
    code.replaceChildren(h("pre", { tabindex: "0" }, h("code", {}, text)), ...(copy ? [h("div", {}, copy)] : []));
  }

  siteConfig().then(({ socket_url: socket }) => showCommand(socket ?? "wss://GATEWAY/v1"), () => showCommand("wss://GATEWAY/v1"));
  let missed = false;

  function sayThatOneCame(space, phase) {
    if (missed && space.connected && AT_REST.has(phase)) announce(t("no_worker.came"));
    missed = space.state === "offline" || (missed && !space.connected);
  }

  return {
    update(space, phase) {
      if (space) sayThatOneCame(space, phase);
      keepFocusIn(root, root.closest("section").querySelector("h2"), () => show(root, space?.state === "offline"));
      if (space) setText(part(root, "visitor-words"), t(space.when_offline === "refuse" ? "no_worker.visitor_refused" : "no_worker.visitor"));
    },
  };
}
