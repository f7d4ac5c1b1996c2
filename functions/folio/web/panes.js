/** What stands beside the picture: the page's text, its tables, the document's fields, as tabs. */

import { $ } from "./dom.js";
import { say } from "./texts.js";

const NAMES = ["text", "tables", "fields"];
const KEYS = { text: "pane.text", tables: "pane.tables", fields: "pane.fields" };

let chosen = "text";
const counts = { tables: 0, fields: 0 };

/** How many tables the page has, or how many fields the document: a pane without any is not offered. */
export function choosePanes(found) {
  Object.assign(counts, found);
  for (const name of ["tables", "fields"]) say($(`tab-${name}`), KEYS[name], { count: counts[name] });
  show();
}

/** Begin with the fields, if there are any. */
export function firstPane(fields) {
  chosen = fields ? "fields" : "text";
  choosePanes({ fields });
}

export function startPanes() {
  for (const name of NAMES) {
    $(`tab-${name}`).addEventListener("click", () => { chosen = name; show(); });
    $(`tab-${name}`).addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      const offered = NAMES.filter(has);
      chosen = offered[(offered.indexOf(shown()) + step + offered.length) % offered.length];
      show();
      $(`tab-${chosen}`).focus();
    });
  }
}

const has = (name) => name === "text" || counts[name] > 0;
const shown = () => (has(chosen) ? chosen : "text");

function show() {
  for (const name of NAMES) {
    const tab = $(`tab-${name}`);
    const current = name === shown();
    tab.hidden = !has(name);
    tab.setAttribute("aria-selected", String(current));
    tab.tabIndex = current ? 0 : -1;
    $(name).hidden = !current;
  }
}
