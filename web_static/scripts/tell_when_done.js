/** A notification when a request ends while nobody sees the page; only if somebody asks for it. */
import { announce } from "./announce.js";
import { setAttribute, setText, show } from "./dom.js";
import { goOnUnseen } from "./pause.js";
import { isCancellable } from "./request_state.js";
import { t } from "./text.js";

/** Mount the button; `update(request, headline)` follows the request. */
export function mountTellWhenDone(button) {
  let wantedFor = null;

  async function toggle(id) {
    const allowed = wantedFor === id ? false : (await Notification.requestPermission()) === "granted";
    wantedFor = allowed ? id : null;
    draw();
    announce(t(allowed ? "notify.on" : Notification.permission === "denied" ? "notify.denied" : "notify.off"));
  }

  function draw() {
    setAttribute(button, "aria-pressed", String(wantedFor !== null));
    setText(button, t(wantedFor === null ? "notify.ask" : "notify.on_short"));
    goOnUnseen(wantedFor !== null);
  }

  button.addEventListener("click", () => toggle(button.dataset.request));
  draw();
  return (request, headline) => {
    const possible = "Notification" in window && Notification.permission !== "denied";
    show(button, possible && isCancellable(request));
    if (isCancellable(request)) button.dataset.request = request.id;
    if (wantedFor === null || isCancellable(request)) return;
    if (request.id === wantedFor && document.hidden) tell(request, headline);
    wantedFor = null;
    draw();
  };
}

function tell({ id }, headline) {
  const note = new Notification(document.title, { body: headline, tag: id, icon: "./favicon.svg" });
  note.addEventListener("click", () => (window.focus(), note.close()));
}
