/** A table that turns into cards on narrow screens; ARIA roles keep it a table for screen readers. */
import { h } from "../../lib/dom.js";

/** Draw rows; a column is {name, cell(row), kind?} with kind "number", "time", "name", "actions" or "main". */
export function dataTable({ caption, columns, rows }) {
  const head = h("tr", { role: "row" }, ...columns.map(heading));
  return h(
    "table",
    { class: "data-table", role: "table" },
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", { role: "rowgroup" }, head),
    h("tbody", { role: "rowgroup" }, ...rows.map((row) => line(row, columns))),
  );
}

const heading = ({ name, kind }) => h("th", { scope: "col", role: "columnheader", "data-kind": kind }, kind === "actions" ? h("span", { class: "visually-hidden" }, name) : name);

const line = (row, columns) => h("tr", { role: "row" }, ...columns.map((column) => cell(row, column)));

function cell(row, { name, cell: draw, kind }) {
  const content = [draw(row)].flat().filter((each) => each !== null && each !== undefined && each !== "");
  const attributes = { role: "cell", "data-kind": kind, "data-name": name, "data-empty": content.length === 0 };
  return h("td", attributes, ...(content.length > 0 ? content : ["–"]));
}
