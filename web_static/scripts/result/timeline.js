/** The timeline Accepted → Started → Answered, with durations; the current step counts up. */
import { secondsBetween, toLocal } from "../lib/server_clock.js";
import { h, setAttribute, setText } from "../lib/dom.js";
import { duration, dateTime, roughDuration } from "../lib/format.js";
import { t } from "../lib/text.js";

const END_STEPS = { COMPLETED: "answered", FAILED: "failed", TIMED_OUT: "timed_out", CANCELLED: "cancelled" };
const TONES = { answered: "good", failed: "bad", timed_out: "bad" };

/** Mount the three steps; `update(request, now)` may be called every second. */
export function mountTimeline(root) {
  const steps = [0, 1, 2].map(() => step());
  root.replaceChildren(...steps.map(({ item }) => item));

  function update(request, now) {
    const source = request.result ?? request.status ?? { status: null, times: {} };
    [accepted(source, now), started(source, now), ended(source, now)].forEach((words, index) => steps[index].update(words));
  }

  return { update };
}

function step() {
  const name = h("span", { class: "timeline-step" });
  const time = h("span", { class: "timeline-time" });
  const item = h("li", {}, name, time);

  function update({ name: key, time: words = "", reached = false, passed = false, tone = null }) {
    setText(name, t(`timeline.${key}`));
    setText(time, words);
    setAttribute(item, "data-reached", reached);
    setAttribute(item, "data-passed", passed);
    setAttribute(item, "data-tone", tone);
  }

  return { item, update };
}

function accepted({ times }, now) {
  const at = toLocal(times.created_at);
  if (at === null) return { name: "accepted" };
  return { name: "accepted", time: dateTime(at, now), reached: true, passed: Boolean(times.started_at ?? times.ended_at) };
}

function started({ times, status }, now) {
  if (times.started_at) return { name: "started", time: after(times.created_at, times.started_at), reached: true, passed: Boolean(times.ended_at) };
  if (status === "IN_QUEUE") return { name: "started", time: counting("waiting", times.created_at, now) };
  return { name: "started", time: times.ended_at ? t("timeline.never") : "" };
}

function ended({ times, status }, now) {
  const name = END_STEPS[status];
  if (name) return { name, time: after(times.started_at ?? times.created_at, times.ended_at), reached: true, tone: TONES[name] };
  const running = status === "IN_PROGRESS" && times.started_at;
  return { name: "answered", time: running ? counting("running", times.started_at, now) : "" };
}

function after(from, to) {
  if (!to) return "";
  const seconds = secondsBetween(from, to);
  return seconds < 0.01 ? t("timeline.at_once") : t("timeline.after", { duration: duration(seconds) });
}

const counting = (name, since, now) => t(`timeline.${name}`, { duration: roughDuration((now - /** @type {number} */ (toLocal(since))) / 1000) });
