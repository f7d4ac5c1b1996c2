/** Tables and fields, which some modes give. */

import { $, make } from "./dom.js";
import { percent, say } from "./texts.js";
import { languageOf } from "./words.js";

/** The tables of a page, cell by cell with their spans; `locate` is told the polygon of a cell that is clicked. */
export function showTables(tables, locate) {
  $("tables").replaceChildren(...tables.map((table) => framed(make("table", {}, ...rows(table, locate)))));
}

function rows({ cells, header_rows: headers }, locate) {
  const made = [];
  for (const cell of [...cells].sort((one, other) => one.row - other.row || one.column - other.column)) {
    made[cell.row] ??= make("tr");
    const tag = cell.row < headers ? "th" : "td";
    const shown = make(tag, { rowspan: cell.row_span, colspan: cell.column_span }, cell.text);
    if (cell.polygon) shown.addEventListener("click", () => locate(cell.polygon));
    made[cell.row].append(shown);
  }
  return [...made].map((row) => row ?? make("tr"));
}

/** The fields of a card or an invoice, by their names in the result. */
export function showFields(fields) {
  $("fields").hidden = !fields.length;
  const title = make("h3");
  say(title, "fields.title");
  const head = ["fields.name", "fields.value", "fact.confidence", "fields.check"].map((key) => {
    const cell = make("th", { scope: "col" });
    say(cell, key);
    return cell;
  });
  const body = fields.map(({ name, value, confidence, check, provider_name }) => {
    const sure = confidence === null ? "" : percent(confidence);
    const verdict = make("td", { "data-check": check ?? "unchecked" });
    say(verdict, `check.${check ?? "unchecked"}`);
    const label = name === "pair" ? provider_name : name; // the question of a form
    const cells = [make("td", { lang: languageOf(value) }, value), make("td", {}, sure), verdict];
    return make("tr", {}, make("th", { scope: "row" }, label), ...cells);
  });
  $("fields").replaceChildren(title, framed(make("table", {}, make("tr", {}, ...head), ...body)));
}

// What may be wider than its place can be scrolled, by keyboard too.
const framed = (table) => make("div", { class: "frame", tabindex: 0 }, table);
