/** The run of the page: a document comes in, is read, and is shown; or a sentence says why not. */

import { $, moveTo } from "./dom.js";
import { startIntake } from "./intake.js";
import { follow } from "./job.js";
import { startKey } from "./key.js";
import { chosenOptions, loadProviders, renameOptions, startOptions } from "./options.js";
import { Problem, sentences } from "./problem.js";
import { headOf, readingOf, readingOfJob } from "./reading.js";
import { copyText, showDownloads, showHead } from "./result.js";
import { isDrawn, mediaType, send } from "./send.js";
import { percent, say, sayAs, startTexts } from "./texts.js";
import { Viewer } from "./viewer.js";

const JOB = "folio.job"; // in the session, so that a page loaded again goes on
const HOPELESS = [400, 413, 415, 422]; // what the same document, asked for in the same way, is answered again
const SAID = 5000; // milliseconds between two words of progress to a screen reader

let work = new AbortController();
let again = null; // what "try again" does
let file = null;
let reading = null;
let failure = null;
let said = 0;

function show(part) {
  for (const id of ["start", "busy", "failed", "result"]) $(id).hidden = id !== part;
  if (part !== "result") viewer.close();
  document.title = part === "start" ? "Folio" : `${$(`${part}-title`).textContent} – Folio`;
  moveTo($(`${part}-title`));
}

/** Run a piece of work that ends in a reading, a problem, or by being cancelled. */
async function run(name, steps) {
  work.abort();
  work = new AbortController();
  const { signal } = work;
  again = () => run(name, steps);
  sayAs($("busy-title"), name);
  show("busy");
  tell("busy.prepare");
  try {
    const done = await steps(signal);
    if (signal.aborted) return;
    await open(done);
  } catch (problem) {
    if (!signal.aborted) fail(problem, name);
  }
}

function take(files) {
  [file] = files;
  const [options, taken] = [chosenOptions(), file];
  run(file.name, (signal) => read(taken, options, signal));
  if (files.length > 1) say($("live"), "start.first", { name: file.name });
}

async function read(taken, options, signal) {
  const type = await mediaType(taken);
  const progress = (part) => tell("busy.upload", { percent: percent(part) }, part * 100);
  if (isDrawn(type)) tell("busy.reading");
  const sent = await send(taken, type, options, { signal, progress });
  if (sent.result) return readingOf(sent.result, taken, type);
  return wait(sent.job, signal, isDrawn(type) ? taken : null, type);
}

async function wait(id, signal, picture = null, type = null) {
  sessionStorage.setItem(JOB, id);
  tell("busy.waiting");
  const job = await follow(id, { signal, seen });
  return readingOfJob(job, picture, type, await headOf(job, signal));
}

function seen({ state, pages, filename }) {
  if (filename) sayAs($("busy-title"), filename);
  if (state !== "reading") tell("busy.waiting");
  else if (!pages.total) tell("busy.reading");
  else tell("busy.pages", { done: pages.done, total: pages.total }, (100 * pages.done) / pages.total);
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

async function open(done) {
  reading = done;
  showHead(reading);
  await showDownloads(reading);
  $("options-again").hidden = !file;
  show("result");
  await viewer.open(reading);
}

function fail(problem, name) {
  sessionStorage.removeItem(JOB);
  failure = problem instanceof Problem ? problem : new Problem({ key: "problem.fault" });
  sayAs($("failed-name"), name);
  tellFailure();
  const hopeless = HOPELESS.includes(failure.status);
  $("retry").hidden = hopeless;
  $("other-file").classList.toggle("second", !hopeless);
  show("failed");
}

function tellFailure() {
  const { detail, hint, lang, original } = sentences(failure);
  for (const [id, words] of [["failed-detail", detail], ["failed-hint", hint], ["failed-original", original ?? ""]]) {
    sayAs($(id), words);
    if (lang) $(id).lang = lang;
    else if (id !== "failed-original") $(id).removeAttribute("lang");
  }
  $("failed-reference").hidden = !failure.reference;
  if (failure.reference) say($("failed-reference"), "failed.reference", { id: failure.reference });
}

function restart() {
  work.abort();
  sessionStorage.removeItem(JOB);
  $("again").hidden = !file;
  if (file) say($("again"), "start.again", { name: file.name });
  show("start");
}

async function begin() {
  try {
    await loadProviders();
  } catch (problem) {
    if ($("start").hidden) return; // something else went on meanwhile, or failed
    again = () => { show("start"); return begin(); };
    fail(problem, "");
  }
}

const viewer = new Viewer((problem) => fail(problem, reading.name));
startTexts(() => {
  renameOptions();
  viewer.rename();
  if (!$("result").hidden) showHead(reading);
  if (!$("failed").hidden) tellFailure();
});
startKey(() => say($("live"), "key.forgotten"));
startOptions();
startIntake(take, () => $("busy").hidden && !$("key-dialog").open);
$("again").addEventListener("click", () => take([file]));
$("cancel").addEventListener("click", () => { restart(); say($("live"), "busy.stopped"); });
$("retry").addEventListener("click", () => again());
$("other-file").addEventListener("click", restart);
$("options-again").addEventListener("click", restart);
$("new").addEventListener("click", () => { file = null; restart(); });
$("copy").addEventListener("click", copyText);

const unfinished = sessionStorage.getItem(JOB);
if (unfinished) run("Folio", (signal) => wait(unfinished, signal));
else show("start");
begin();
