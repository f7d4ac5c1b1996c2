/** The run of the page: documents come in, are read, and are shown; or a sentence says why not. */

import { addressed, readdress } from "./address.js";
import { $, moveTo } from "./dom.js";
import { showFailure, tellFailure } from "./failure.js";
import { showFolder, startFolder } from "./folder.js";
import { startIntake } from "./intake.js";
import { startKey } from "./key.js";
import { chosenOptions, loadProviders, renameOptions, startOptions } from "./options.js";
import { startPanes } from "./panes.js";
import { askLanguage, copyText, showDownloads, showHead, startDownloads } from "./result.js";
import { Reviewer } from "./review.js";
import { say, sayAs, startTexts } from "./texts.js";
import { Viewer } from "./viewer.js";
import { Work } from "./work.js";
import { showPast, showWorks, startPast } from "./worklist.js";

const SAID = 5000; // milliseconds between two words of progress to a screen reader

let works = [];
let current = null; // the work that is looked at
let file = null; // the last one that was given
let opened = null; // the reading in the viewer
let again = null; // what "try again" does, for want of a work
let said = 0;
let ready = false; // the service has answered, which may have taken a key

function show(...parts) {
  for (const id of ["start", "busy", "failed", "result"]) $(id).hidden = !parts.includes(id);
  const [part] = parts;
  if (!parts.includes("result")) {
    viewer.close();
    opened = null;
    reviewing(false);
  }
  if (part === "start" && ready) showFolder();
  document.title = part === "start" ? "Folio" : `${$(`${part}-title`).textContent} – Folio`;
  listWorks();
  moveTo($(`${part}-title`));
}

/** The list is there as soon as there is more in it than what is looked at. */
function listWorks() {
  if (!$("start").hidden) showPast();
  const others = works.filter((work) => work !== current || !$("start").hidden);
  $("work").hidden = !others.length;
  showWorks(works, { open: openWork, cancel: (work) => work.cancel(), retry: (work) => work.run() });
}

function take(files) {
  [file] = files;
  const options = chosenOptions();
  const begun = files.map((one) => new Work({ file: one, options, changed }));
  begin(begun, $("busy").hidden && $("result").hidden && files.length === 1);
}

/** Do more works; the first of them is looked at, or what is looked at stays. */
function begin(begun, look) {
  works.push(...begun);
  if (look) [current] = begun;
  for (const work of begun) work.run();
  if (look) openWork(current);
  else {
    if ($("busy").hidden && $("result").hidden) show("start");
    say($("live"), "work.added", { count: begun.length });
  }
}

function openWork(work) {
  current = work;
  opened = null;
  readdress(work.id, inReview(work));
  if (work.state === "failed") fail(work.problem, work.name, work.id);
  else if (work.state === "canceled") restart();
  else {
    sayAs($("busy-title"), work.name);
    if (work.state !== "done") show("busy");
    changed(work);
  }
}

/** Whether the address is that of a work's review. */
function inReview({ id }) {
  const to = addressed();
  return to !== null && to.id === id && to.review;
}

/** There is news of a work. */
function changed(work) {
  listWorks();
  if (work !== current || $("busy").hidden === false && work.state === "canceled") return;
  if (work.state === "failed") fail(work.problem, work.name, work.id);
  else if (work.state === "done") finish(work);
  else if (work.state !== "canceled") follow(work);
}

function follow(work) {
  sayAs($("busy-title"), work.name);
  readdress(work.id, inReview(work));
  tell(work.said.key, work.said.values, work.part === null ? null : work.part * 100);
  $("busy-leave").hidden = !work.id;
  const { reading } = work;
  if (!reading || reading.finished || !work.id || work.state !== "reading") return;
  if (opened === reading) viewer.refresh();
  else if (reading.ready(1) && reading.total > 1) open(work, "busy");
}

async function finish(work) {
  const { reading } = work;
  readdress(work.id, inReview(work));
  if (opened === reading) {
    $("busy").hidden = true;
    viewer.refresh();
    showAll(work);
  } else open(work);
  await correctable(work);
}

/** Show a reading, with what is still going on above it. */
async function open(work, ...above) {
  const { reading } = work;
  opened = reading;
  showAll(work);
  show("result", ...above);
  reviewer.tell(reading);
  await viewer.open(reading);
}

function showAll(work) {
  const { reading } = work;
  const locate = async (field) => {
    await viewer.go(reading.positionOf(field.page));
    viewer.outline(field.polygon);
  };
  showHead(reading, locate);
  showDownloads(reading);
  $("review-open").hidden = !reading.finished || !reading.id;
  askLanguage(reading, (languages) => readAgain(work, { languages }));
}

/** Fetch what people have corrected, and open the review if the address says so. */
async function correctable(work) {
  const { reading } = work;
  if (!reading.id) return;
  try {
    if (!reading.corrections && reading.reviewed) await corrections(reading);
    if (reading === opened && reading.corrections) { showAll(work); viewer.redraw(); }
    if (reading === opened && addressed()?.review && $("corrector").hidden) await review();
  } catch (problem) {
    if (reading === opened) fail(problem, reading.name, reading.id);
  }
}

const corrections = (reading) => reading.loadCorrections(() => {
  if (reading === opened) reviewer.tell(reading);
});

async function review() {
  const reading = opened;
  reviewing(true);
  readdress(reading.id, true);
  reviewer.prepare();
  try {
    if (!reading.corrections) await corrections(reading);
    if (reading === opened && !$("corrector").hidden) await reviewer.open(reading);
  } catch (problem) {
    fail(problem, reading.name, reading.id);
  }
}

function reviewing(on) {
  $("result").classList.toggle("reviewing", on);
  $("corrector").hidden = !on;
}

/** Back to the result: what was corrected is saved, and in its forms. */
async function leaveReview() {
  const reading = opened;
  reviewing(false);
  readdress(reading.id);
  viewer.redraw();
  showAll(current);
  $("review-open").focus();
  await reading.corrections?.flush();
  await reading.renew().catch(() => {}); // each form is looked at again when it is asked for
}

/** Read the same document with other options. */
async function readAgain(work, options) {
  try {
    const source = work.file ?? await work.reading.source();
    begin([new Work({ file: source, options: { ...chosenOptions(), ...work.options, ...options }, changed })], true);
  } catch (problem) {
    fail(problem, work.name, work.id);
  }
}

/** Progress: `part` of a hundred, or null where nobody knows. */
function tell(key, values = {}, part = null) {
  const news = $("busy-text").dataset.text !== key;
  say($("busy-text"), key, values);
  if (part === null) $("progress").removeAttribute("value");
  else $("progress").value = part;
  if (!news && Date.now() - said < SAID) return;
  said = Date.now();
  say($("live"), key, values);
}

function fail(problem, name, reference = null) {
  showFailure(problem, name, reference);
  show("failed");
}

function restart() {
  current = null;
  readdress(null);
  $("again").hidden = !file;
  if (file) say($("again"), "start.again", { name: file.name });
  show("start");
}

function cancel() {
  const work = current;
  works = works.filter((one) => one !== work);
  restart();
  work.cancel();
  say($("live"), "busy.stopped");
}

/** Go where the address says. */
function route() {
  const to = addressed();
  if (!to) {
    if (current) restart();
    return;
  }
  if (current?.id === to.id) {
    if (opened && to.review !== !$("corrector").hidden) to.review ? review() : leaveReview();
    return;
  }
  const known = works.find(({ id }) => id === to.id);
  if (known) openWork(known);
  else begin([new Work({ id: to.id, changed })], true);
}

async function ask() {
  try {
    await loadProviders();
    ready = true;
    if (!$("start").hidden) showFolder();
  } catch (problem) {
    if ($("start").hidden) return; // something else went on meanwhile, or failed
    again = () => { show("start"); return ask(); };
    fail(problem, "");
  }
}

const viewer = new Viewer((problem) => fail(problem, opened.name, opened.id));
const reviewer = new Reviewer(viewer, leaveReview);
startTexts(() => {
  renameOptions();
  viewer.rename();
  if (opened) showAll(current);
  if (!$("failed").hidden) tellFailure();
  listWorks();
  showPast();
});
startKey(() => say($("live"), "key.forgotten"));
startOptions();
startPanes();
startPast();
startFolder();
startDownloads((problem) => fail(problem, opened.name, opened.id));
startIntake(take, () => !$("key-dialog").open);
$("again").addEventListener("click", () => take([file]));
$("cancel").addEventListener("click", cancel);
$("retry").addEventListener("click", () => {
  if (!current) return again();
  current.run();
  return openWork(current);
});
for (const id of ["other-file", "options-again", "new"]) $(id).addEventListener("click", restart);
$("copy").addEventListener("click", copyText);
$("review-open").addEventListener("click", review);
window.addEventListener("hashchange", route);
window.addEventListener("popstate", route);
window.addEventListener("beforeunload", (event) => {
  const unsent = works.some(({ reading, state }) => state === "sending" || reading?.corrections?.saved === false);
  if (unsent) event.preventDefault();
});

if (addressed()) route();
else show("start");
ask();
