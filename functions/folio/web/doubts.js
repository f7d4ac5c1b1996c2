/** What of a page is worth a person's look: fields, cells and words that are not sure, the least sure first. */

import { grade, wordsOf } from "./words.js";

const RANK = { field: 0, cell: 1, word: 2 };

/** Places of a page: {page, location, kind, name, read, confidence, polygon, before, after}; with `all`, those that are
 * sure too, in their order. What stands in a cell is looked at as the cell. `done(place)` tells which are left out. */
export function placesOf(page, fields, { all, done }) {
  const words = wordsOf(page).filter(({ text }) => text.trim());
  const cells = cellsOf(page, words);
  const taken = new Set(cells.flatMap((cell) => cell.words));
  const found = [
    ...fieldsOf(page, fields),
    ...cells,
    ...words.filter((word) => !taken.has(word)).map((word) => wordPlace(page, word)),
  ].filter((place) => (all || isDoubtful(place)) && !done(place));
  if (all) return found;
  return found.sort((one, other) => RANK[one.kind] - RANK[other.kind] || (one.confidence ?? 1) - (other.confidence ?? 1));
}

const isDoubtful = ({ confidence, check }) => check === "failed" || ["fair", "poor"].includes(grade(confidence));

function fieldsOf(page, fields) {
  return fields.map((field, index) => ({ field, index })).filter(({ field }) => field.page === page.number)
    .map(({ field, index }) => ({
      page: page.number,
      location: `fields/${index}`,
      kind: "field",
      name: field.name === "pair" ? field.provider_name : field.name,
      read: field.value,
      confidence: field.confidence,
      check: field.check,
      polygon: field.polygon,
      before: "",
      after: "",
    }));
}

function cellsOf(page, words) {
  return page.tables.flatMap((table, number) => table.cells.map((cell, index) => {
    const inside = cell.polygon ? words.filter((word) => isInside(word.polygon, cell.polygon)) : [];
    const known = [cell.confidence, ...inside.map(({ confidence }) => confidence)].filter((one) => one !== null);
    return {
      page: page.number,
      location: `tables/${number}/cells/${index}`,
      kind: "cell",
      name: `${cell.row + 1}:${cell.column + 1}`,
      read: cell.text,
      confidence: known.length ? Math.min(...known) : null,
      polygon: cell.polygon,
      before: "",
      after: "",
      words: inside,
    };
  })).filter(({ read }) => read.trim());
}

function wordPlace(page, word) {
  const line = page.lines[word.line].text;
  const [before, after] = around(line, page.lines[word.line].words, word.index);
  return {
    page: page.number, location: word.location, kind: "word", name: "", read: word.text,
    confidence: word.confidence, polygon: word.polygon, before, after,
  };
}

/** What stands in a line before and after one of its words. */
function around(line, words, index) {
  let at = 0;
  for (const [number, { text }] of words.entries()) {
    const start = line.indexOf(text, at);
    if (number === index) return start < 0 ? ["", ""] : [line.slice(0, start), line.slice(start + text.length)];
    if (start >= 0) at = start + text.length;
  }
  return ["", ""];
}

function isInside(polygon, outer) {
  const [x, y] = [0, 1].map((axis) => polygon.reduce((sum, point) => sum + point[axis], 0) / polygon.length);
  const [left, right] = edges(outer, 0);
  const [top, bottom] = edges(outer, 1);
  return left <= x && x < right && top <= y && y < bottom;
}

function edges(polygon, axis) {
  const along = polygon.map((point) => point[axis]);
  return [Math.min(...along), Math.max(...along)];
}
