/** The entry script of the API reference: shows the OpenAPI document that the gateway serves. */
import { readDescription } from "./api/api.js";
import { announce, makeAnnouncer } from "./lib/announce.js";
import { h, part, setText, show } from "./lib/dom.js";
import { poll } from "./api/poll.js";
import { words } from "./reference/field_list.js";
import { operationCard } from "./reference/operation_card.js";
import { findOperations, GROUP_ORDER, operationsOf } from "./reference/read_description.js";
import { mountSiteHeader } from "./site/site_header.js";
import { t } from "./lib/text.js";

const TYPING_MS = 1000;

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const search = /** @type {HTMLInputElement} */ (part(main, "search"));
const loading = new AbortController();
const announceFound = makeAnnouncer(TYPING_MS);
/** @type {{operation: Json, card: HTMLDetailsElement, link: HTMLElement}[]} */
const calls = [];

mountSiteHeader();

function showDescription(document) {
  loading.abort();
  const operations = operationsOf(document);
  show(part(main, "trouble"), false);
  show(part(main, "loading"), false);
  part(main, "introduction").replaceChildren(...(document.info?.description ?? "").split("\n\n").map((text) => h("p", { lang: "en" }, ...words(text))));
  for (const group of GROUP_ORDER) showGroup(group, operations.filter((each) => each.group === group));
  show(part(main, "reference"), true);
  narrow();
  openAddressed();
}

function showGroup(group, operations) {
  if (operations.length === 0) return;
  const made = operations.map((operation) => ({ operation, card: operationCard(operation), link: linkTo(operation) }));
  calls.push(...made);
  part(main, "calls").append(h("section", { class: "reference-group", "aria-labelledby": `group-${group}` }, h("h2", { id: `group-${group}` }, t(`reference.group.${group}`)), ...made.map(({ card }) => card)));
  part(main, "contents").append(h("div", {}, h("h2", {}, t(`reference.group.${group}`)), h("ul", {}, ...made.map(({ link }) => link))));
}

const linkTo = ({ id, method, summary }) => h("li", {}, h("a", { href: `#${id}` }, h("span", { class: "operation-method", "data-method": method }, method), " ", h("span", { lang: "en" }, summary)));

function narrow() {
  const found = new Set(findOperations(calls.map(({ operation }) => operation), search.value));
  for (const { operation, card, link } of calls) [card, link].forEach((each) => show(each, found.has(operation)));
  for (const group of [...part(main, "calls").children, ...part(main, "contents").children]) {
    show(/** @type {HTMLElement} */ (group), group.querySelector(".operation:not([hidden]), li:not([hidden])") !== null);
  }
  show(part(main, "nothing"), found.size === 0);
}

// A link to a call opens it, even if the search has hidden it.
function openAddressed() {
  const id = decodeURIComponent(location.hash.slice(1));
  const call = calls.find(({ operation }) => operation.id === id);
  if (!call) return;
  if (call.card.hidden) {
    search.value = "";
    narrow();
  }
  call.card.open = true;
  call.card.scrollIntoView();
  /** @type {HTMLElement} */ (call.card.querySelector("summary")).focus({ preventScroll: true });
}

function showTrouble() {
  setText(part(main, "trouble"), t("reference.unreachable"));
  show(part(main, "trouble"), true);
  announce(t("reference.unreachable"));
  return true;
}

search.addEventListener("input", () => {
  narrow();
  announceFound(t("reference.found", { count: calls.filter(({ card }) => !card.hidden).length }));
});
window.addEventListener("hashchange", openAddressed);
document.title = `${t("reference.title")} · ${t("site.name")}`;
poll({ load: readDescription, onResponse: showDescription, onError: showTrouble, signal: loading.signal });
