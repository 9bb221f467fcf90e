/** Requests per hour as a row of bars; the failed ones stand at their foot. */
import { svg } from "../../lib/dom.js";

const WIDTH = 10;
const GAP = 2;
const HEIGHT = 40;

/** Draw {accepted, failed} of each hour; `words` say the same to screen readers. */
export function sparkline(hours, words) {
  const most = Math.max(1, ...hours.map(({ accepted, failed }) => Math.max(accepted, failed)));
  const bar = (tone, count, index) => {
    const height = count > 0 ? Math.max(2, (count / most) * HEIGHT) : 0;
    return svg("rect", { "data-tone": tone, x: index * WIDTH, y: HEIGHT - height, width: WIDTH - GAP, height });
  };
  const bars = hours.flatMap(({ accepted, failed }, index) => [bar("all", accepted, index), bar("failed", failed, index)]);
  const foot = svg("rect", { "data-tone": "foot", x: 0, y: HEIGHT, width: hours.length * WIDTH - GAP, height: 1 });
  return svg("svg", { class: "sparkline", viewBox: `0 0 ${hours.length * WIDTH - GAP} ${HEIGHT + 1}`, preserveAspectRatio: "none", role: "img", "aria-label": words }, ...bars, foot);
}
