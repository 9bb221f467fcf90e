/** One plot with its title, unit and legend, and the same numbers as a table. */
import { toLocal } from "../../lib/server_clock.js";
import { h } from "../../lib/dom.js";
import { duration, dateTime, number } from "../../lib/format.js";
import { loadWithRetry } from "../../lib/lazy_part.js";
import { t } from "../../lib/text.js";
import { dataTable } from "../ui/data_table.js";

const WORDS = { seconds: duration, requests: number };

/** Draw the figure; the plot itself appears when its library has loaded. */
export function plotFigure(plot, buckets, signal) {
  const { name, unit, series } = plot;
  const title = h("figcaption", {}, h("h3", {}, t(`admin.plot.${name}`)), h("span", { class: "muted" }, t(`admin.plot.unit_${unit}`)));
  const legend = h("ul", { class: "plot-legend", "aria-hidden": "true" }, ...series.map(legendItem));
  const canvas = h("div", { class: "plot", role: "img", "aria-label": summary(plot, buckets) });
  drawWhenReady(canvas, plot, buckets, signal);
  return h("figure", { class: "panel plot-figure" }, title, legend, canvas, numbers(plot, buckets));
}

const legendItem = ({ name, tone }) => h("li", {}, h("span", { class: "plot-key", "data-tone": tone, "data-series": name }), t(`admin.plot.${name}`));

async function drawWhenReady(canvas, plot, buckets, signal) {
  const { drawPlot } = await loadWithRetry(() => import("./draw_plot.js"));
  if (!signal.aborted) drawPlot(canvas, plot, buckets, signal);
}

function summary({ name, unit, series }, buckets) {
  const highest = ({ read, name: each }) => {
    const known = buckets.map(read).filter((value) => value !== null);
    return t("admin.plot.highest", { series: t(`admin.plot.${each}`), value: known.length > 0 ? WORDS[unit](Math.max(...known)) : t("admin.value.none") });
  };
  return `${t(`admin.plot.${name}`)}. ${series.map(highest).join(" ")}`;
}

function numbers({ name, unit, series }, buckets) {
  const time = { name: t("admin.plot.from"), kind: "main", cell: ({ from }) => dateTime(toLocal(from)) };
  const column = ({ name: each, read }) => ({ name: t(`admin.plot.${each}`), kind: "number", cell: (bucket) => (read(bucket) === null ? null : WORDS[unit](read(bucket))) });
  const filled = buckets.filter((bucket) => series.some(({ read }) => read(bucket)));
  const content = filled.length > 0 ? dataTable({ caption: t(`admin.plot.${name}`), columns: [time, ...series.map(column)], rows: filled }) : h("p", { class: "muted" }, t("admin.plot.empty"));
  return h("details", { "data-focus": `numbers ${name}` }, h("summary", { "data-focus": `summary ${name}` }, t("admin.plot.numbers")), h("div", { class: "plot-numbers", tabindex: "0" }, content));
}
