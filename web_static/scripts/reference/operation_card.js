/** A call of the API: a line that opens, and what it takes and answers. */
import { copyButton } from "../lib/copy_button.js";
import { h } from "../lib/dom.js";
import { fieldList, words } from "./field_list.js";
import { t } from "../lib/text.js";

const PLACES = ["path", "query", "header"];

/** Make the card of a call; its details are made when it is first opened. */
export function operationCard(operation) {
  const { id, method, path, summary } = operation;
  const line = h(
    "summary",
    { class: "operation-line" },
    h("span", { class: "operation-method", "data-method": method }, method),
    h("code", { class: "operation-path" }, ...breakable(path)),
    h("span", { class: "operation-summary", lang: "en" }, summary),
  );
  const root = h("details", { class: "panel operation", id }, line);
  root.addEventListener("toggle", () => {
    if (root.open && root.children.length === 1) root.append(detailsOf(operation));
  });
  return root;
}

// A path breaks before its slashes, not within a word.
const breakable = (path) => path.split(/(?=\/)/).flatMap((piece) => [h("wbr"), piece]);

function detailsOf({ id, description, callers, parameters, body, answers }) {
  const errors = answers.filter(({ isError }) => isError);
  return h(
    "div",
    { class: "operation-details" },
    description ? h("p", { lang: "en" }, ...words(description)) : null,
    h("p", { class: "muted" }, t("reference.callers", { callers: callers.map((each) => t(`reference.caller.${each}`)).join(t("reference.or")) }), " ", h("a", { href: `#${id}` }, t("reference.link"))),
    ...PLACES.map((place) => section(t(`reference.in.${place}`), fieldList(parameters.filter((each) => each.place === place)))),
    body ? contentSection(t("reference.body"), body) : null,
    ...answers.filter(({ isError }) => !isError).map(answerSection),
    errors.length > 0 ? errorSection(errors) : null,
  );
}

function answerSection({ status, words: said, headers, content }) {
  const parts = content.flatMap((each) => partsOf(each));
  return section(t("reference.answer", { status }), said ? h("p", { lang: "en" }, ...words(said)) : null, fieldList(headers), ...parts);
}

function errorSection(errors) {
  const rows = errors.flatMap(({ status, words: said }) => [h("dt", {}, h("code", {}, status)), h("dd", { lang: "en" }, ...words(said))]);
  return section(t("reference.errors"), h("dl", { class: "error-list" }, ...rows), fieldList(errors[0].content[0]?.fields ?? []));
}

const contentSection = (title, content) => section(title, ...partsOf(content));

function partsOf({ type, shape, fields, example, events }) {
  return [h("p", { class: "muted" }, h("code", {}, type), " ", h("code", {}, shape)), fieldList(fields), fieldList(events), exampleBlock(example)];
}

function exampleBlock(example) {
  if (example === undefined) return null;
  const text = JSON.stringify(example, null, 2);
  const details = h("details", { class: "operation-example" }, h("summary", {}, t("reference.example")));
  details.append(h("div", { class: "snippet" }, copyButton(() => text, t("copy.copy")), h("pre", { tabindex: "0" }, h("code", {}, text))));
  return details;
}

function section(title, ...content) {
  const shown = content.filter((each) => each !== null);
  return shown.length > 0 ? h("section", {}, h("h3", {}, title), ...shown) : null;
}
