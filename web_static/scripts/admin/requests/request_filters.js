/** The filters of the request list: space, state, user, and a period. */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { actionButton, choice, labelled } from "../ui/controls.js";

export const STATES = ["IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED", "TIMED_OUT", "CANCELLED"];

/** The form; `onChange(values)` gets the chosen values as the address holds them. With `within`, the space is given. */
export function filterForm(values, spaces, onChange, within = null) {
  const known = values.space && !spaces.includes(values.space) ? [...spaces, values.space] : spaces;
  const all = (words) => ["", words];
  const inputs = {
    ...(within ? {} : { space: choice([all(t("admin.requests.all_spaces")), ...known.map((name) => [name, name])], values.space ?? "", { class: "input" }) }),
    state: choice([all(t("admin.requests.all_states")), ...STATES.map((state) => [state, t(`admin.state.${state}`)])], values.state ?? "", { class: "input" }),
    user: h("input", { class: "input", type: "search", value: values.user ?? "", autocomplete: "off", spellcheck: "false" }),
    from: h("input", { class: "input", type: "datetime-local", value: values.from ?? "" }),
    to: h("input", { class: "input", type: "datetime-local", value: values.to ?? "" }),
  };
  const chosen = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]));
  const read = () => (within ? { ...chosen(), space: within } : chosen());
  const fields = Object.entries(inputs).map(([name, input]) => labelled(t(`admin.requests.${name}`), input));
  const clear = actionButton(t("admin.requests.clear"), clearAll);
  let reported = JSON.stringify(read());

  // Enter fires both a change and a submit event; report the change once.
  function changed() {
    clear.hidden = Object.values(chosen()).every((value) => value === "");
    if (JSON.stringify(read()) === reported) return;
    reported = JSON.stringify(read());
    onChange(read());
  }

  function clearAll() {
    for (const input of Object.values(inputs)) input.value = "";
    Object.values(inputs)[0].focus();
    changed();
  }

  const form = h("form", { class: "filters", role: "search", "aria-label": t("admin.requests.filters") }, ...fields, clear);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    changed();
  });
  changed();
  return form;
}

/** The filters as the gateway expects them: local times become UTC. */
export function filtersForGateway({ space, state, user, from, to }) {
  return { space, state, user, from: utc(from), to: utc(to) };
}

function utc(local) {
  const time = new Date(local ?? "");
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
