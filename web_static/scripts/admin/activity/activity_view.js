/** The activity of a space: the current figures, and plots over time. */
import { toLocal } from "../../lib/server_clock.js";
import { h } from "../../lib/dom.js";
import { dateTime, number, roughDuration } from "../../lib/format.js";
import { GatewayError } from "../../api/gateway_call.js";
import { t } from "../../lib/text.js";
import { readActivity, readSpaces } from "../lib/admin_api.js";
import { PLOTS } from "./activity_series.js";
import { choice, emptyState, labelled, viewHead } from "../ui/controls.js";
import { makeTurns, showLive } from "../ui/load_view.js";
import { plotFigure } from "./plot_figure.js";
import { errorNotice } from "../ui/error_notice.js";

const HOURS = ["1", "6", "24", "168"];
const USUAL_HOURS = "24";

/** Show the activity of the chosen space, or of the first one; with `within`, of that space only. */
export async function showView(root, { values, within = null, signal, go, note }) {
  const area = h("div", {});
  const filters = h("div", {});
  const nextTurn = makeTurns(signal);
  const show = ({ space, hours }) => {
    const turn = nextTurn();
    showLive(area, { load: (asking) => readActivity(space, hours, asking), draw: (activity) => drawActivity(activity, turn), signal: turn });
  };
  const choose = (wanted) => {
    note("activity", wanted);
    show(wanted);
  };
  root.append(...(within ? [] : [viewHead(t("admin.tab.activity"), t("admin.activity.lead"))]), filters, area);
  try {
    const names = within ? [within] : (await readSpaces(signal)).map(({ space }) => space);
    if (signal.aborted) return;
    if (names.length === 0) {
      area.append(emptyState(t("admin.spaces.empty")));
      return;
    }
    const chosen = { space: values.space ?? names[0], hours: HOURS.includes(values.hours) ? values.hours : USUAL_HOURS };
    filters.append(filterForm(chosen, names, within, choose));
    show(chosen);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    area.replaceChildren(errorNotice(error, () => go("activity", values, { replace: true })));
  }
}

function filterForm({ space, hours }, names, within, onChange) {
  const known = names.includes(space) ? names : [...names, space];
  const spaces = choice(known.map((name) => [name, name]), space, { class: "input" });
  const spans = choice(HOURS.map((each) => [each, t(`admin.activity.hours_${each}`)]), hours, { class: "input" });
  const form = h("form", { class: "filters" }, within ? null : labelled(t("admin.requests.space"), spaces), labelled(t("admin.activity.span"), spans));
  form.addEventListener("change", () => onChange({ space: spaces.value, hours: spans.value }));
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

function drawActivity(activity, signal) {
  const { buckets, truncated } = activity;
  const figures = buckets.length > 0 ? PLOTS.map((plot) => plotFigure(plot, buckets, signal)) : [];
  const note = truncated && buckets.length > 0 ? t("admin.activity.truncated", { time: dateTime(toLocal(buckets[0].from)) }) : null;
  return [nowFigures(activity), note && h("p", { class: "notice", "data-tone": "warn" }, note), h("div", { class: "plots" }, ...figures)].filter(Boolean);
}

function nowFigures({ queue_length: waiting, running, eta_seconds: wait, workers }) {
  const line = (key, value) => h("div", {}, h("dt", {}, t(`admin.activity.${key}`)), h("dd", {}, value));
  const expected = wait === null || wait === undefined ? t("admin.activity.unknown") : roughDuration(wait);
  return h(
    "dl",
    { class: "now-figures", "aria-label": t("admin.activity.now") },
    line("waiting", number(waiting)),
    line("running", number(running)),
    line("expected", expected),
    line("workers", number(typeof workers === "number" ? workers : workers.length)),
  );
}
