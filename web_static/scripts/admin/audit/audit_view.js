/** The audit log: who changed what, and when. */
import { toLocal } from "../../lib/server_clock.js";
import { h } from "../../lib/dom.js";
import { locale } from "../../lib/format.js";
import { hasText, t } from "../../lib/text.js";
import { readAudit } from "../lib/admin_api.js";
import { badge, emptyState, viewHead } from "../ui/controls.js";
import { showLoaded } from "../ui/load_view.js";
import { mountShowMore } from "../ui/show_more.js";
import { formatValue } from "../ui/format_value.js";

const MOST_IN_LINE = 4; // more changes are folded

// A completed change needs no badge; "begun" means it is unknown how far the change got.
const OUTCOMES = { refused: { tone: "none", icon: "cross" }, begun: { tone: "warn", icon: "warning" } };

/** Show the newest entries, and more on demand. */
export function showView(root, { signal }) {
  const list = h("div", {});
  root.append(viewHead(t("admin.tab.audit"), t("admin.audit.lead")), list);
  return showLoaded(list, { load: (turn) => readAudit(null, turn), draw: (page) => drawPages(page, signal), signal });
}

function drawPages(first, signal) {
  if (first.entries.length === 0 && !first.next_cursor) return emptyState(t("admin.audit.empty"));
  const days = h("div", { class: "audit-days" });
  const shown = { day: "", list: h("ol", {}) };

  function add({ entries }) {
    return entries.map((each) => {
      const day = dayWords(each.at);
      if (day !== shown.day) {
        Object.assign(shown, { day, list: h("ol", { class: "audit panel" }) });
        days.append(h("section", {}, h("h3", {}, day), shown.list));
      }
      const line = entry(each);
      shown.list.append(line);
      return line;
    });
  }

  add(first);

  const { button, trouble } = mountShowMore(first, { read: (cursor) => readAudit(cursor, signal), add, signal });
  return [days, h("div", { class: "list-foot" }, button), trouble];
}

const localTime = (at) => /** @type {number} */ (toLocal(at));
const dayWords = (at) => new Intl.DateTimeFormat(locale, { dateStyle: "full" }).format(localTime(at));
const timeWords = (at) => new Intl.DateTimeFormat(locale, { timeStyle: "medium" }).format(localTime(at));

function entry({ at, who, action, target, outcome, before, after }) {
  const words = hasText(`admin.did.${action}`) ? t(`admin.did.${action}`) : action;
  const head = h("p", {}, h("strong", {}, who), " ", words, " ", h("code", {}, target));
  const time = h("time", { class: "muted", datetime: at }, timeWords(at));
  const badgeOfOutcome = OUTCOMES[outcome] ? badge({ ...OUTCOMES[outcome], word: t(`admin.audit.${outcome}`) }) : null;
  const details = outcome === "refused" ? null : changes(asObject(before), asObject(after));
  return h("li", {}, head, h("p", { class: "audit-when" }, time, badgeOfOutcome), details);
}

const asObject = (value) => (value !== null && typeof value === "object" ? value : {});

function changes(before, after) {
  const names = changedNames(before, after);
  if (names.length === 0) return null;
  const line = (name) => {
    const was = name in before ? [h("del", {}, formatValue(before[name])), " → "] : [];
    return h("div", {}, h("dt", {}, labelOf(name)), h("dd", {}, ...was, h("ins", {}, formatValue(after[name]))));
  };
  const list = h("dl", { class: "audit-changes" }, ...names.map(line));
  if (names.length <= MOST_IN_LINE) return list;
  const summary = h("summary", {}, t("admin.audit.changes", { count: names.length }));
  return h("details", {}, summary, list);
}

function changedNames(before, after) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Array.from(names).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

const labelOf = (name) => (hasText(`admin.field.${name}`) ? t(`admin.field.${name}`) : name);
