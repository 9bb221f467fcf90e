/** Tabs with the ways to connect a model; each has the command to run. */
import { h } from "../../lib/dom.js";
import { mountTabs } from "../../lib/tabs.js";
import { t } from "../../lib/text.js";
import { snippet } from "../ui/snippet.js";
import { WAYS, commandOf } from "./commands.js";

/** Draw the tabs: {root, update(token)}, which puts the token into the commands. */
export function makeWays(settings) {
  const tabs = WAYS.map(tabOf);
  const places = WAYS.map(() => h("div", { class: "snippet" }));
  const panels = WAYS.map((way, index) => panelOf(way, index, places[index]));
  const row = h("div", { class: "tabs", role: "tablist", "aria-label": t("admin.connect.ways") }, ...tabs);
  const root = h("div", { class: "connect-ways" }, row, ...panels);
  mountTabs(row, () => undefined);
  const update = (token) => WAYS.forEach((way, index) => places[index].replaceWith((places[index] = snippet(t("admin.connect.run"), commandOf(way, { ...settings, token })))));
  return { root, update };
}

const tabOf = ({ name }, index) =>
  h("button", { class: "tab", type: "button", role: "tab", id: `way-${name}`, "aria-controls": `panel-${name}`, "aria-selected": String(index === 0), tabindex: index === 0 ? 0 : -1 }, t(`admin.connect.${name}`));

/**
 * @param {typeof WAYS[number]} way
 * @param {number} index
 * @param {HTMLElement} place
 */
function panelOf({ name, file }, index, place) {
  const words = h("p", { class: "muted" }, t(`admin.connect.${name}_words`));
  const code = file ? snippet(file.name, file.text) : null;
  return h("div", { class: "connect-way", role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `way-${name}`, hidden: index > 0 }, words, code, place);
}
