/** What a reading says as a whole: name, figures, notes, fields, the forms to download, and the text to copy. */

import { OUTPUTS } from "./choices.js";
import { $, make } from "./dom.js";
import { LANGUAGES } from "./options.js";
import { firstPane } from "./panes.js";
import { remark } from "./remarks.js";
import { percent, say, sayAs, text } from "./texts.js";
import { showFields } from "./tables.js";

const FIRST = ["text", "pdf", "docx", "xlsx"]; // what most people want; the others are a click away
const FORMS = [...FIRST, "result", ...OUTPUTS.filter((kind) => !FIRST.includes(kind))];
const DOUBTFUL = 0.75; // of all characters; readings in a wrong language are below
const ACTIVE = 4000; // milliseconds after a click, in which a browser lets it open something

let shown = null; // the reading
let failed = () => {};
let addresses = []; // of blobs that are offered for download

/** `locate` is told the field that a person chooses. */
export function showHead(reading, locate) {
  const { name, total, head, corrections } = reading;
  const first = shown !== reading || reading.headed !== head;
  shown = reading;
  reading.headed = head;
  sayAs($("result-title"), name);
  const facts = [fact("fact.pages", total)];
  if (head?.status === "partial") facts.push(fact("fact.status", text("status.partial")));
  if (typeof head?.confidence === "number") facts.push(fact("fact.confidence", percent(head.confidence)));
  const who = head?.engine ? readers(head) : "";
  if (who) facts.push(fact("fact.provider", who));
  if (head?.cost?.calls) facts.push(fact("fact.cost", cost(head.cost)));
  $("facts").replaceChildren(...facts);
  const warnings = head?.warnings ?? [];
  $("warnings").replaceChildren(...warnings.map(remark).map(({ words, lang }) => make("li", { lang }, words)));
  $("warnings").hidden = !warnings.length;
  const fields = head?.fields ?? [];
  showFields(fields, locate, (page, location, read) => corrections?.text(page, location, read) ?? null);
  if (first) firstPane(fields.length);
}

/** Ask whether the language is right, where the reading is not sure; `again` reads it in another one. */
export function askLanguage({ head, finished }, again) {
  const asked = finished && typeof head?.confidence === "number" && head.confidence < DOUBTFUL && head.engine;
  $("doubt").hidden = !asked;
  if (!asked) return;
  const languages = head.engine.languages.join("+");
  const named = LANGUAGES.includes(languages) ? text(`languages.${languages}`) : languages;
  say($("doubt-text"), "doubt.text", { percent: percent(head.confidence), languages: named });
  const others = LANGUAGES.filter((name) => name !== "other" && name !== languages);
  $("doubt-choices").replaceChildren(...others.map((name) => {
    const button = make("button", { type: "button", class: "second" });
    say(button, `languages.${name}`);
    button.addEventListener("click", () => again(name));
    return button;
  }));
}

/** All forms of a result, those included that are made only when they are asked for. */
export function showDownloads({ finished }) {
  $("forms").hidden = !finished;
  say($("download-note"), "download.note");
}

export function startDownloads(whenFailed) {
  failed = whenFailed;
  const links = FORMS.map((kind) => make("li", {}, link(kind)));
  $("downloads").replaceChildren(...links.slice(0, FIRST.length));
  $("more-downloads").replaceChildren(...links.slice(FIRST.length));
}

function link(kind) {
  const anchor = make("a", { "data-kind": kind, href: "#downloads", rel: "noopener noreferrer" });
  say(anchor, `output.${kind}`);
  anchor.addEventListener("click", async (event) => {
    event.preventDefault();
    if (anchor.ariaBusy === "true") return;
    anchor.ariaBusy = "true";
    say($("download-note"), "download.making");
    try {
      const began = Date.now();
      const form = await shown.form(kind);
      say($("download-note"), form ? "download.note" : "download.none");
      if (form) save(form, Date.now() - began < ACTIVE);
    } catch (problem) {
      failed(problem);
    } finally {
      anchor.ariaBusy = null;
    }
  });
  return anchor;
}

function save({ href, name, blob }, active) {
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = blob ? [URL.createObjectURL(blob)] : [];
  const anchor = make("a", { href: href ?? addresses[0], download: name ?? "", rel: "noopener noreferrer" });
  if (href && active) anchor.target = "_blank";
  anchor.click();
}

function fact(key, value) {
  const term = make("dt");
  say(term, key);
  return make("div", {}, term, make("dd", {}, typeof value === "number" ? value.toLocaleString() : value));
}

/** Who read its pages; nobody, where these have their own text or are blank. */
function readers({ pages = [], engine }) {
  const names = new Set(pages.map(({ provider }) => provider).filter(Boolean));
  const version = (name) => (name === engine.provider && engine.version ? ` ${engine.version}` : "");
  return [...names].map((name) => text(`provider.${name}`) + version(name)).join(", ");
}

function cost({ calls, estimate, currency }) {
  return currency ? text("cost.about", { calls, estimate, currency }) : calls;
}

/** The text of the page that is shown, to the clipboard; where that is closed, selected for the person to copy. */
export async function copyText() {
  try {
    await navigator.clipboard.writeText($("text").textContent);
    say($("copy-text"), "text.copied");
  } catch {
    window.getSelection().selectAllChildren($("text"));
    say($("copy-text"), "text.selected");
  }
  say($("live"), $("copy-text").dataset.text);
  setTimeout(() => say($("copy-text"), "text.copy"), 3000);
}
