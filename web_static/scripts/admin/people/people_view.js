/** The view of people: who has an account, who is invited, and who administers. */
import { announce } from "../../lib/announce.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { readMe, readPeople } from "../lib/admin_api.js";
import { actionButton, viewHead } from "../ui/controls.js";
import { keepFocus, showLoaded } from "../ui/load_view.js";
import { mountShowMore } from "../ui/show_more.js";
import { invite } from "./invite.js";
import { peopleTable } from "./people_table.js";

/** Show all people, with what an administrator can do for each. */
export function showView(root, { signal }) {
  const list = h("div", {});
  /** @type {Json} */
  const state = { people: [], me: "", redraw: () => undefined };
  const add = async () => {
    const invited = await invite();
    if (!invited) return;
    state.people.unshift(invited);
    state.redraw();
    announce(t("admin.people.invited_done", { name: invited.user }));
  };
  root.append(viewHead(t("admin.tab.people"), t("admin.people.lead"), actionButton(t("admin.people.invite"), add, { className: "button is-primary" })), list);
  const load = async (turn) => {
    const [page, { user }] = await Promise.all([readPeople(null, turn), readMe(turn)]);
    return { page, user };
  };
  return showLoaded(list, { load, draw: (loaded) => drawPeople(loaded, state, signal), signal });
}

function drawPeople({ page, user }, state, signal) {
  const place = h("div", {});
  Object.assign(state, { people: [...page.people], me: user });

  function changed(person) {
    state.people = state.people.map((each) => (each.user === person.user ? person : each));
    state.redraw();
  }

  state.redraw = () => keepFocus(place, () => place.replaceChildren(peopleTable(state.people, state.me, changed)));

  function add({ people }) {
    const before = state.people.length;
    const known = new Set(state.people.map((each) => each.user)); // who was invited just now may come again
    state.people.push(...people.filter((each) => !known.has(each.user)));
    state.redraw();
    return [...place.querySelectorAll("tbody tr")].slice(before);
  }

  const { button, trouble } = mountShowMore(page, { read: (cursor) => readPeople(cursor, signal), add, signal });
  state.redraw();
  return [place, h("div", { class: "list-foot" }, button), trouble];
}
