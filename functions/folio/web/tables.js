/** Tables and fields as tables, each cell of which leads to its place on the page, by pointer and by keyboard. */

import { $, make } from "./dom.js";
import { percent, say } from "./texts.js";
import { languageOf } from "./words.js";

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** The tables of a page, cell by cell with their spans; `locate` is told the polygon of a cell that is chosen,
 * `corrected(location, read)` tells what stands there by now, or null. */
export function showTables(tables, locate, corrected = () => null) {
  $("tables").replaceChildren(...tables.map((table, number) => {
    const shown = make("table", { role: "grid" }, ...rows(table, number, locate, corrected));
    say(shown, "pane.table", { number: number + 1 }, "label");
    walkable(shown);
    return make("div", { class: "frame" }, shown);
  }));
}

function rows({ cells, header_rows: headers }, number, locate, corrected) {
  const made = [];
  const ordered = cells.map((cell, index) => ({ cell, index }))
    .sort(({ cell: one }, { cell: other }) => one.row - other.row || one.column - other.column);
  for (const { cell, index } of ordered) {
    made[cell.row] ??= make("tr");
    const right = corrected(`tables/${number}/cells/${index}`, cell.text);
    const shown = make(cell.row < headers ? "th" : "td", {
      rowspan: cell.row_span, colspan: cell.column_span, tabindex: -1, class: right === null ? null : "corrected",
    }, right ?? cell.text);
    if (cell.polygon) leads(shown, () => locate(cell.polygon));
    made[cell.row].append(shown);
  }
  return [...made].map((row) => row ?? make("tr"));
}

/** The fields of a card or an invoice, by their names in the result; `locate` is told the field that is chosen,
 * `corrected(location, read)` as above, with the page first. */
export function showFields(fields, locate, corrected = () => null) {
  const head = ["fields.name", "fields.value", "fact.confidence", "fields.check"].map((key) => {
    const cell = make("th", { scope: "col", tabindex: -1 });
    say(cell, key);
    return cell;
  });
  const body = fields.map((field, index) => fieldRow(field, index, locate, corrected));
  const table = make("table", { role: "grid" }, make("tr", {}, ...head), ...body);
  say(table, "fields.title", {}, "label");
  walkable(table);
  $("fields").replaceChildren(make("div", { class: "frame" }, table));
}

function fieldRow(field, index, locate, corrected) {
  const { name, value, confidence, provider_name } = field;
  const right = corrected(field.page, `fields/${index}`, value);
  const check = right === null || right === value ? field.check ?? "unchecked" : "unchecked";
  const verdict = make("td", { "data-check": check, tabindex: -1 });
  say(verdict, `check.${check}`);
  const label = name === "pair" ? provider_name : name; // the question of a form
  const shown = make("td", {
    lang: languageOf(value), tabindex: -1, class: right === null ? null : "corrected",
  }, right ?? value);
  const sure = make("td", { tabindex: -1 }, confidence === null ? "" : percent(confidence));
  const row = make("tr", {}, make("th", { scope: "row", tabindex: -1 }, label), shown, sure, verdict);
  if (field.polygon) leads(row, () => locate(field));
  return row;
}

function leads(element, go) {
  element.classList.add("leads");
  element.addEventListener("click", go);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    go();
  });
}

/** One stop for the Tab key, and the arrow keys within. */
function walkable(table) {
  const first = table.querySelector("td, th");
  if (first) first.tabIndex = 0;
  table.addEventListener("focusin", ({ target }) => {
    for (const cell of table.querySelectorAll("[tabindex='0']")) cell.tabIndex = -1;
    target.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    const row = event.target.parentElement;
    const column = [...row.children].indexOf(event.target) + move[1];
    const next = move[0] ? (move[0] < 0 ? row.previousElementSibling : row.nextElementSibling) : row;
    const cell = next?.children[Math.min(column, next.children.length - 1)];
    if (!cell || column < 0) return;
    event.preventDefault();
    cell.focus();
  });
}
