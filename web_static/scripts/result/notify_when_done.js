/** Shows a notification when a request ends while the page is hidden, if the user asked for it. */
import { announce } from "../lib/announce.js";
import { setAttribute, show } from "../lib/dom.js";
import { setLabel } from "../lib/icon_button.js";
import { keepRunningWhenHidden } from "../lib/wait.js";
import { isCancellable } from "../request/request_state.js";
import { t } from "../lib/text.js";

/** Mount the button; `update(request, headline)` follows the request. */
export function mountNotifyButton(button) {
  /** @type {string | null} */
  let wantedFor = null;
  let works = "Notification" in window;

  async function toggle(id) {
    if (wantedFor === id) {
      want(null, "notify.off");
      return;
    }
    works = canNotify();
    if (!works) want(null, "notify.impossible");
    else if ((await Notification.requestPermission()) === "granted") want(id, "notify.on");
    else want(null, Notification.permission === "denied" ? "notify.denied" : "notify.off");
  }

  /**
   * @param {string | null} id
   * @param {string | null} [words]
   */
  function want(id, words = null) {
    wantedFor = id;
    setAttribute(button, "aria-pressed", String(id !== null));
    setLabel(button, t(id === null ? "notify.ask" : "notify.on_short"));
    if (!works) show(button, false);
    keepRunningWhenHidden(id !== null);
    if (words) announce(t(words));
  }

  button.addEventListener("click", () => toggle(button.dataset.request));
  want(null);
  return (request, headline) => {
    const open = isCancellable(request);
    show(button, works && Notification.permission !== "denied" && open);
    if (open) button.dataset.request = request.id;
    if (wantedFor === null || open) return;
    const wanted = request.id === wantedFor && document.hidden;
    want(null);
    if (wanted) works = tell(request, headline);
  };
}

// Chrome on Android has the class but throws when a page uses it. Without permission, this shows nothing.
function canNotify() {
  const note = makeNotification(document.title, { silent: true });
  note?.close();
  return note !== null;
}

function tell({ id }, headline) {
  const note = makeNotification(document.title, { body: headline, tag: id, icon: new URL("../../favicon.svg", import.meta.url).href });
  note?.addEventListener("click", () => {
    window.focus();
    note.close();
  });
  return note !== null;
}

function makeNotification(title, options) {
  try {
    return new Notification(title, options);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
