/** Two dialogs: one that goes to any space or page, one that lists the shortcuts. */
import { readSpaces } from "../api/api.js";
import { h, setAttribute, show } from "../lib/dom.js";
import { spaceAddress } from "../lib/page_address.js";
import { isAdministrator } from "../session/session.js";
import { t } from "../lib/text.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const KEYS = { run: "Ctrl Enter", search: "/", find: "Ctrl K", tabs: "← →", sheet: "?" };

/** Open the dialog that goes to a space or a page. */
export function openGoTo() {
  if (document.querySelector("dialog[open]")) return;
  const input = h("input", { class: "field", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "go-to-list", "aria-autocomplete": "list", "aria-label": t("site.find_words"), placeholder: t("site.find_words"), autocomplete: "off", spellcheck: "false" });
  const list = h("ul", { class: "go-to-list", id: "go-to-list", role: "listbox", "aria-label": t("site.find") });
  const none = h("p", { class: "muted", hidden: true }, t("site.nothing_found"));
  showDialog(t("site.find"), [h("div", {}, input), list, none]);
  const state = { targets: pages(), at: 0 };

  function draw() {
    const words = input.value.toLocaleLowerCase().split(/\s+/);
    const found = state.targets.filter(({ text }) => words.every((word) => text.toLocaleLowerCase().includes(word)));
    state.at = Math.min(state.at, Math.max(0, found.length - 1));
    list.replaceChildren(...found.map(({ title, href }, index) => option(title, href, index === state.at, index)));
    setAttribute(input, "aria-activedescendant", found.length > 0 ? `go-to-${state.at}` : null);
    show(none, found.length === 0);
    list.children[state.at]?.scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("input", () => {
    state.at = 0;
    draw();
  });
  input.addEventListener("keydown", (event) => {
    const { length } = list.children;
    if (event.key === "Enter") /** @type {HTMLElement | null} */ (list.querySelector("[aria-selected=true]"))?.click();
    if (!(event.key in STEPS) || length === 0) return;
    event.preventDefault();
    state.at = (state.at + STEPS[event.key] + length) % length;
    draw();
  });
  draw();
  readSpaces().then(({ spaces }) => {
    state.targets = [...spaces.map(spaceTarget), ...pages()];
    draw();
  }, () => undefined); // without the list, the pages are there
  input.focus();
}

const spaceTarget = ({ space, title, description }) => ({ title: title || space, text: `${space} ${title} ${description}`, href: spaceAddress(space) });

function pages() {
  const all = { title: t("site.all_spaces"), href: "./" };
  const reference = { title: t("site.api"), href: "./reference.html" };
  const administration = { title: t("sign_in.administration"), href: "./admin.html" };
  const offered = isAdministrator() ? [all, administration, reference] : [all, reference];
  return offered.map((page) => ({ ...page, text: page.title }));
}

function option(title, href, selected, index) {
  const item = h("li", { role: "option", id: `go-to-${index}`, "aria-selected": String(selected), dir: "auto" }, title);
  item.addEventListener("click", () => location.assign(href));
  return item;
}

/** Open the list of shortcuts. */
export function openShortcuts() {
  if (document.querySelector("dialog[open]")) return;
  const rows = Object.entries(KEYS).map(([name, keys]) => h("div", {}, h("dt", {}, ...keys.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, t(`site.key.${name}`))));
  showDialog(t("site.shortcuts"), [h("dl", { class: "shortcut-list" }, ...rows)]);
}

function showDialog(title, body) {
  const close = h("button", { class: "button", type: "submit" }, t("site.close"));
  const form = h("form", { class: "dialog-form", method: "dialog" }, h("h2", { id: "site-dialog" }, title), ...body, h("div", { class: "dialog-actions" }, close));
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "site-dialog", closedby: "any" }, form);
  form.addEventListener("submit", (event) => event.submitter === close || event.preventDefault());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
