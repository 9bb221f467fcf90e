/** The table of people, with what can be done for each. */
import { h } from "../../lib/dom.js";
import { dateTime } from "../../lib/format.js";
import { toLocal } from "../../lib/server_clock.js";
import { t } from "../../lib/text.js";
import { actOnPerson } from "../lib/admin_api.js";
import { actionButton, badge } from "../ui/controls.js";
import { dataTable } from "../ui/data_table.js";
import { confirmAction } from "../ui/dialog.js";

const STATES = {
  active: { tone: "good", icon: "check" },
  invited: { tone: "none", icon: "clock" },
  unconfirmed: { tone: "none", icon: "clock" },
  reset: { tone: "warn", icon: "again" },
};

/** What each action makes of a person. */
const AFTER = {
  make_administrator: { administrator: true },
  remove_administrator: { administrator: false },
  disable_user: { disabled: true },
  enable_user: { disabled: false },
  invite_again: {},
};
const TAKES_AWAY = ["remove_administrator", "disable_user"];

/** Draw people; `me` is the name of who looks at them, `changed(person)` is called after one was changed. */
export function peopleTable(people, me, changed) {
  const columns = [
    { name: t("admin.people.name"), kind: "main", cell: (person) => [h("strong", { dir: "auto" }, person.user, isMe(person, me) ? ` (${t("admin.people.you")})` : ""), person.email && h("span", { class: "muted", dir: "auto" }, person.email)] },
    { name: t("admin.people.rights"), cell: ({ administrator }) => t(administrator ? "admin.people.administrator" : "admin.people.member") },
    { name: t("admin.people.state"), cell: stateBadge },
    { name: t("admin.people.since"), kind: "time", cell: ({ created_at: at }) => dateTime(toLocal(at)) },
    { name: t("admin.actions"), kind: "actions", cell: (person) => (isMe(person, me) ? null : actionsFor(person).map((action) => button(action, person, changed))) },
  ];
  return dataTable({ caption: t("admin.tab.people"), columns, rows: people });
}

const isMe = ({ user }, me) => user.toLowerCase() === me.toLowerCase();

function stateBadge({ state, disabled }) {
  if (disabled) return badge({ tone: "none", icon: "cross", word: t("admin.people.is_disabled") });
  return badge({ ...STATES[state], word: t(`admin.people.is_${state}`) });
}

function actionsFor({ administrator, state, disabled }) {
  if (disabled) return ["enable_user"];
  return [state === "invited" ? "invite_again" : null, administrator ? "remove_administrator" : "make_administrator", "disable_user"].filter((each) => each !== null);
}

function button(action, person, changed) {
  const { user: name, email } = person;
  const act = async () => {
    const words = [t(`admin.people.${action}_words`, { name, email: email ?? "" })];
    const done = () => t(`admin.people.${action}_done`, { name });
    const given = await confirmAction({ title: t(`admin.people.${action}_title`, { name }), words, action: t(`admin.people.${action}`), act: () => actOnPerson(name, action), done, danger: TAKES_AWAY.includes(action) });
    if (given !== null) changed({ ...person, ...AFTER[action] });
  };
  const className = action === "disable_user" ? "button is-small is-danger-quiet" : "button is-small";
  return actionButton(t(`admin.people.${action}_short`), act, { key: `${action} ${name}`, label: t(`admin.people.${action}_named`, { name }), className });
}
