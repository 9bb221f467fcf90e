/** The actions on a request: copy, download, share, run again, new request, delete, notify. */
import { readAddress } from "../lib/page_address.js";
import { copyAnswer, downloadAnswer, hasAnswer } from "./take_answer.js";
import { mountDeleteButton } from "./delete_button.js";
import { part, show } from "../lib/dom.js";
import { closeWhenLeft, mountTooltips } from "../lib/icon_button.js";
import { IDLE, isCancellable } from "../request/request_state.js";
import { mountShareButton } from "./share_button.js";
import { mountNotifyButton } from "./notify_when_done.js";

const AT_REST = new Set(["ended", "expired", "missing", "refused", "deleted"]);

/** Mount the buttons that the HTML has; `update({request, mine, headline, space})` shows those that apply. */
export function mountResultActions(root, actions) {
  const button = (name) => part(root, name);
  const subject = { space: readAddress().space, id: null };
  let shown = IDLE;
  const tell = button("notify") && mountNotifyButton(button("notify"));
  listen(root, { copy: () => copyAnswer(button("copy"), shown), download: () => downloadAnswer(shown) });
  listen(root, { "run-again": actions.again, new: actions.clear, "try-now": actions.tryNow, "stop-trying": actions.stopTrying });
  if (button("share")) mountShareButton(button("share"), () => ({ ...subject, title: document.title }));
  if (button("more")) closeWhenLeft(button("more"));
  mountTooltips(root);
  const disarm = button("delete") && mountDeleteButton(button("delete"), { read: () => ({ space: subject.space, ids: [subject.id] }) });

  function update({ request, mine, headline, space }) {
    const { id = null } = request;
    shown = request;
    if (subject.id !== id) disarm?.();
    subject.id = id;
    tell?.(request, headline);
    showAll(root, visibleButtons(request, mine, space));
  }

  return { update };
}

function visibleButtons(request, mine, space) {
  const { phase, input } = request;
  return {
    "run-again": phase === "ended" && Boolean(space) && hasInput(input),
    new: AT_REST.has(phase) || phase === "open" || phase === "opening",
    share: phase === "ended" || isCancellable(request),
    copy: hasAnswer(request) && Boolean(navigator.clipboard),
    download: hasAnswer(request),
    more: phase === "ended" && mine,
    delete: phase === "ended" && mine,
    "stop-trying": phase === "sending",
  };
}

// The form cannot hold a call or a large input.
const hasInput = (input) => Boolean(input?.prompt || input?.files?.length) && !input.call && !input.body_url;

function listen(root, actions) {
  for (const [name, action] of Object.entries(actions)) part(root, name)?.addEventListener("click", action);
}

function showAll(root, wanted) {
  for (const [name, visible] of Object.entries(wanted)) {
    const element = part(root, name);
    if (element) show(element, visible);
  }
}
