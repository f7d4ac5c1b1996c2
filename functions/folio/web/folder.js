/** The documents of a folder that `folio serve DIR` shows, found by their names, to be looked at and corrected. */

import { addressOf } from "./address.js";
import { requestJson } from "./api.js";
import { $, make } from "./dom.js";
import { sentences } from "./problem.js";
import { say, sayAs } from "./texts.js";

const PAUSE = 300; // milliseconds after the last letter, before it is searched for

const folder = document.querySelector("meta[name=folio-folder]")?.content ?? null;
let asking = new AbortController();
let next = null;
let timer = null;

/** Show the folder as it is now, if there is one: its first documents, or the next ones below those that are shown. */
export async function showFolder(after = null) {
  if (folder === null) return;
  $("folder").hidden = false;
  say($("folder-title"), "folder.title", { name: folder });
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const query = new URLSearchParams({ search: $("folder-search").value.trim(), ...(after && { after }) });
  try {
    const answer = await requestJson(`v1/folder?${query}`, { signal });
    ({ next } = answer);
    const rows = answer.documents.map(row);
    if (after) $("folder-list").append(...rows);
    else $("folder-list").replaceChildren(...rows);
    if (after) rows[0]?.querySelector("a").focus(); // the button may be gone
    $("folder-more").hidden = next === null;
    const count = $("folder-list").children.length;
    if (count) say($("folder-note"), next === null ? "folder.all" : "folder.some", { count });
    else say($("folder-note"), $("folder-search").value ? "folder.none" : "folder.empty");
  } catch (problem) {
    if (!signal.aborted) sayAs($("folder-note"), sentences(problem).detail);
  }
}

function row({ id, name, state, pages, reviewed }) {
  const link = make("a", { href: addressOf(id), dir: "auto" }, name);
  const notes = [["folder.pages", { count: pages }]];
  if (state === "partial") notes.push(["status.partial", {}]);
  if (reviewed) notes.push(["folder.reviewed", {}]);
  return make("li", {}, link, ...notes.map(([key, values]) => {
    const note = make("span", { class: "note" });
    say(note, key, values);
    return note;
  }));
}

export function startFolder() {
  $("folder-search").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(showFolder, PAUSE);
  });
  $("folder-more").addEventListener("click", () => showFolder(next));
}
