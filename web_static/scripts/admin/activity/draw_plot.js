/** Draws one plot with uPlot, in the page's colours and language. */
import uPlot from "../../../vendor/uplot.js";
import { toLocal } from "../../lib/server_clock.js";
import { locale } from "../../lib/format.js";
import { t } from "../../lib/text.js";

const HEIGHT = 200;
const FONT = "12px system-ui, sans-serif";

/** Draw into an element; follows its width and the colour scheme until the signal aborts. */
export function drawPlot(root, plot, buckets, signal) {
  const times = buckets.map(({ from }) => /** @type {number} */ (toLocal(from)) / 1000);
  const numbers = [times, ...plot.series.map(({ read }) => buckets.map(read))];
  /** @type {uPlot | null} */
  let drawn = null;
  const draw = () => {
    drawn?.destroy();
    drawn = new uPlot(options(root, plot), numbers, root);
  };
  const resized = new ResizeObserver(() => drawn && root.clientWidth > 0 && drawn.setSize({ width: root.clientWidth, height: HEIGHT }));
  draw();
  resized.observe(root);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw, { signal });
  signal.addEventListener("abort", () => {
    resized.disconnect();
    drawn?.destroy();
  });
}

/** @returns {uPlot.Options} */
function options(root, { unit, series }) {
  const colour = (token) => resolve(root, token);
  return {
    width: root.clientWidth || 320,
    height: HEIGHT,
    legend: { show: false },
    padding: [8, 16, 0, 0],
    cursor: { show: false },
    scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [axis(colour, { size: 28, values: timeWords, space: 80 }), axis(colour, { size: 60, space: 32, values: (_plot, values, _axis, _space, step) => values.map((value) => formatTick(value, unit, step)), incrs: unit === "requests" ? WHOLE : undefined })],
    series: [{}, ...series.map(({ name, tone, dash }) => ({ label: name, stroke: colour(tone), width: 2, dash, points: pointsOf(unit) }))],
  };
}

// A period between two periods without requests has no line to its neighbours: only a point makes it visible.
const pointsOf = (unit) => (unit === "requests" ? { show: false } : { show: true, size: 6, filter: loneValues });

/** The places of values that have none beside them. uPlot would leave them out where there is little room. */
function loneValues({ data }, index) {
  const isThere = (at) => (data[index][at] ?? null) !== null;
  return Array.from(data[index], (_, at) => at).filter((at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1));
}

const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

const axis = (colour, more) => ({ stroke: colour("--ink-quiet"), font: FONT, grid: { stroke: colour("--ink-hairline"), width: 1 }, ticks: { show: false }, ...more });

// A canvas does not resolve custom properties or light-dark(), so let the browser compute the colour here.
function resolve(root, token) {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  root.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function timeWords(_plot, times) {
  const span = times.at(-1) - times[0];
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = span > 2 * 86_400 ? { month: "short", day: "numeric" } : { hour: "2-digit", minute: "2-digit" };
  const format = new Intl.DateTimeFormat(locale, parts);
  return times.map((time) => format.format(time * 1000));
}

// Use as many digits as the step between grid lines needs; otherwise two lines could get the same label.
function formatTick(value, unit, step) {
  const digits = String(step).split(".")[1]?.length ?? 0;
  const words = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  return unit === "seconds" ? t("time.seconds", { count: words }) : words;
}
