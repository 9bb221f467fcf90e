/** Draws an address as a QR code. */
import qrcode from "../../../vendor/qrcode-generator.js";
import { svg } from "../../lib/dom.js";

const QUIET = 4; // modules around the code that readers need

/** The code as an image, dark on light in every theme. */
export function qrCode(address, words) {
  const code = qrcode(0, "M");
  code.addData(address);
  code.make();
  const count = code.getModuleCount();
  const all = Array.from({ length: count * count }, (_, index) => [Math.floor(index / count), index % count]);
  const path = all.filter(([row, column]) => code.isDark(row, column)).map(([row, column]) => `M${column + QUIET} ${row + QUIET}h1v1h-1z`);
  const side = count + 2 * QUIET;
  const image = { viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": words, "shape-rendering": "crispEdges" };
  return svg("svg", image, svg("rect", { width: side, height: side, fill: "#ffffff" }), svg("path", { d: path.join(""), fill: "#000000" }));
}
