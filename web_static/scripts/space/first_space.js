/** The command that creates the first space, to copy. */
import { copyButton } from "../lib/copy_button.js";
import { h } from "../lib/dom.js";

const ON_THIS_MACHINE = /(^|\.)localhost$|^127\.|^\[::1\]$/;

/** Fill the empty state's snippet with the command that fits where the gateway runs. */
export function mountFirstSpace(root, hostname = location.hostname) {
  const command = ON_THIS_MACHINE.test(hostname)
    ? "make test-setup"
    : 'python -m infra.admin create-space my-space --title "My space"\npython -m infra.admin create-token my-space';
  const code = h("pre", { tabindex: "0" }, h("code", {}, command));
  const copy = copyButton(() => command);
  root.replaceChildren(code, ...(copy ? [h("div", {}, copy)] : []));
}
