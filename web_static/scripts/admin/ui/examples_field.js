/** The field for examples of a space: a row each, with a title, a prompt and options. */
import { h, isSecondClick, setText, show } from "../../lib/dom.js";
import { parseExact, stringifyExact } from "../../lib/exact_json.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/text.js";
import { labelled } from "./controls.js";

const MOST = 12;
const MOST_LETTERS = 80;

let count = 0;

/** Make the control: {root, inputs, read(), write(value)}. It reads null for the worker's examples, or a list. */
export function examplesControl(_field, id) {
  const ways = ["worker", "own"].map((way) => h("input", { type: "radio", name: id, value: way }));
  const choice = h("div", { class: "options" }, ...ways.map((input) => h("label", { class: "check" }, input, h("span", {}, t(`admin.examples.${input.value}`)))));
  const list = h("div", { class: "example-rows" });
  const add = h("button", { class: "button is-small", type: "button" }, t("admin.examples.add"));
  const own = h("div", { class: "example-own" }, list, h("div", {}, add));
  const root = h("div", { class: "example-field" }, choice, own);
  /** @type {any[]} */
  let rows = [];

  const changed = () => root.dispatchEvent(new Event("input", { bubbles: true }));

  function arrange() {
    show(own, ways[1].checked);
    show(add, rows.length < MOST);
    list.replaceChildren(...rows.map((row) => row.root));
    rows.forEach((row, index) => row.place(index, rows.length));
  }

  function move(row, step) {
    const at = rows.indexOf(row);
    rows.splice(at, 1);
    rows.splice(at + step, 0, row);
    arrange();
    row.focusMove(step);
    changed();
  }

  function remove(row) {
    const at = rows.indexOf(row);
    rows = rows.filter((each) => each !== row);
    arrange();
    (rows[Math.min(at, rows.length - 1)]?.first ?? add).focus();
    changed();
  }

  const make = (example) => makeRow(example, { move, remove });

  add.addEventListener("click", () => {
    rows.push(make({}));
    arrange();
    rows.at(-1).first.focus();
    changed();
  });
  for (const way of ways) way.addEventListener("change", arrange);

  function write(value) {
    ways[value === null ? 0 : 1].checked = true;
    rows = (value ?? []).map(make);
    arrange();
  }

  const read = () => (ways[1].checked ? rows.map((row) => row.read()) : null);

  /** The first row that is wrong: its words, after marking the row; null if all are right. */
  /** Mark the rows that are wrong; returns whether there is one. */
  const check = () => !(ways[1].checked && rows.map((row) => row.check()).includes(false));

  const focus = () => (rows.find((row) => row.isWrong())?.focusWrong ?? (() => ways[0].focus()))();

  write(null);
  return { root, inputs: ways, read, write, check, focus };
}

function makeRow(example, { move, remove }) {
  const { title = "", prompt = "", params, messages } = example;
  const id = `example-${(count += 1)}`;
  const fixed = messages ? { messages } : {}; // a conversation keeps its turns; the form has no place for them
  let wrong = false;
  const name = h("input", { class: "input", type: "text", dir: "auto", maxlength: MOST_LETTERS, autocomplete: "off" });
  const text = h("textarea", { class: "input", rows: "2", dir: "auto" });
  const options = h("textarea", { class: "input", rows: "2", dir: "ltr", autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-hint ${id}-problem` });
  const problem = h("p", { class: "problem", id: `${id}-problem`, hidden: "" });
  const heading = h("p", { class: "example-number", id });
  const up = mover("up");
  const down = mover("down");
  const away = h("button", { class: "button is-small is-bare", type: "button" }, icon("bin"));
  const fields = messages ? [h("p", { class: "muted" }, t("admin.examples.messages", { count: messages.length }))] : [labelled(t("admin.examples.prompt"), text), labelled(t("admin.examples.params"), options), h("p", { class: "hint", id: `${id}-hint` }, t("admin.examples.params_hint"))];
  const root = h("div", { class: "example-row", role: "group", "aria-labelledby": id }, h("div", { class: "example-head" }, heading, up, down, away), labelled(t("admin.examples.title"), name), ...fields, problem);
  name.value = title;
  text.value = prompt ?? "";
  options.value = linesOf(params ?? {});
  up.addEventListener("click", () => up.ariaDisabled === "true" || move(row, -1));
  down.addEventListener("click", () => down.ariaDisabled === "true" || move(row, 1));
  away.addEventListener("click", (event) => isSecondClick(event) || remove(row));

  function mover(way) {
    return h("button", { class: "button is-small is-bare", type: "button" }, icon(way));
  }

  function place(index, all) {
    const number = index + 1;
    setText(heading, t("admin.examples.number", { number }));
    up.ariaLabel = t("admin.examples.up", { number });
    down.ariaLabel = t("admin.examples.down", { number });
    away.ariaLabel = t("admin.examples.remove", { number });
    up.ariaDisabled = String(index === 0);
    down.ariaDisabled = String(number === all);
  }

  function read() {
    const given = paramsOf(options.value);
    return {
      ...(name.value.trim() && { title: name.value.trim() }),
      ...(text.value.trim() && { prompt: text.value.trim() }),
      ...(Object.keys(given).length > 0 && { params: given }),
      ...fixed,
    };
  }

  function check() {
    const { prompt: given, params: chosen } = read();
    const words = wrongLine(options.value) ?? (given || chosen || messages ? null : t("admin.examples.empty"));
    show(problem, words !== null);
    setText(problem, words ?? "");
    wrong = words !== null;
    options.ariaInvalid = String(wrong);
    return !wrong;
  }

  const focusMove = (step) => [step < 0 ? up : down, up, down].find((button) => button.ariaDisabled !== "true")?.focus();
  const focusWrong = () => (options.value === "" ? text : options).focus();
  const row = { root, first: name, place, read, check, isWrong: () => wrong, focusWrong, focusMove };
  return row;
}

/** Options as lines, such as `voice: b`. */
const linesOf = (params) => Object.entries(params).map(([name, value]) => `${name}: ${typeof value === "string" && !isJson(value) ? value : stringifyExact(value)}`).join("\n");

const partsOf = (lines) => lines.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => /^([^:]+):\s*(.*)$/.exec(line) ?? [line]);

const paramsOf = (lines) => Object.fromEntries(partsOf(lines).filter(([, name]) => name).map(([, name, value]) => [name.trim(), isJson(value) ? parseExact(value) : value]));

function wrongLine(lines) {
  const found = partsOf(lines).find(([, name]) => !name);
  return found ? t("admin.examples.wrong_line", { line: found[0] }) : null;
}

function isJson(text) {
  try {
    parseExact(text);
    return true;
  } catch {
    return false;
  }
}
