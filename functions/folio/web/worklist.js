/** The list of the documents of this visit, and that of the jobs this browser has seen before. */

import { addressOf } from "./address.js";
import { $, make } from "./dom.js";
import { forget, forgetAll, past } from "./past.js";
import { language, say, sayAs } from "./texts.js";

let listed = ""; // the jobs of before, as they are shown
const rows = new Map(); // work -> its row, which stays so that the focus does

/** Show all works, the newest last. `open`, `cancel` and `retry` are what the buttons of a row do. */
export function showWorks(works, doing) {
  for (const work of works) {
    if (!rows.has(work)) rows.set(work, row(work, doing));
    refresh(work);
  }
  for (const [work, { item }] of rows) {
    if (works.includes(work)) continue;
    item.remove();
    rows.delete(work);
  }
  $("work-list").append(...works.map((work) => rows.get(work).item).filter((item) => !item.isConnected));
}

function row(work, { open, cancel, retry }) {
  const name = make("button", { type: "button", class: "quiet name", dir: "auto" });
  name.addEventListener("click", () => open(work));
  const stop = button("work.cancel", () => cancel(work));
  const again = button("work.retry", () => retry(work));
  const bar = make("progress", { max: 100 });
  const note = make("span", { class: "note" });
  return { item: make("li", {}, name, note, bar, stop, again), name, stop, again, bar, note };
}

function refresh(work) {
  const { name, stop, again, bar, note } = rows.get(work);
  sayAs(name, work.name);
  say(note, work.said.key, work.said.values);
  for (const control of [stop, again, bar]) control.setAttribute("aria-label", `${control.textContent} ${work.name}`);
  stop.hidden = work.ended;
  again.hidden = work.state !== "failed" && work.state !== "canceled";
  bar.hidden = work.ended;
  if (work.part === null || work.state === "queued") bar.removeAttribute("value");
  else bar.value = work.part * 100;
  note.classList.toggle("wrong", work.state === "failed");
}

function button(key, act) {
  const made = make("button", { type: "button", class: "quiet" });
  say(made, key);
  made.addEventListener("click", act);
  return made;
}

/** Show the jobs of before. */
export function showPast() {
  const jobs = past();
  const now = JSON.stringify([language(), jobs]);
  if (now === listed) return; // the focus may be in the list
  listed = now;
  $("past").hidden = !jobs.length;
  $("past-list").replaceChildren(...jobs.map(({ id, name, at }) => {
    const link = make("a", { href: addressOf(id), dir: "auto" }, name);
    const when = make("time", { class: "note", datetime: at }, shown(at));
    const drop = button("past.forget", () => {
      forget(id);
      showPast();
      $("start-title").focus();
    });
    say(drop, "past.forget.name", { name }, "label");
    return make("li", {}, link, when, drop);
  }));
}

const shown = (at) => new Date(at).toLocaleString(language(), { dateStyle: "medium", timeStyle: "short" });

export function startPast() {
  $("past-clear").addEventListener("click", () => {
    forgetAll();
    showPast();
    $("start-title").focus();
  });
  showPast();
}
