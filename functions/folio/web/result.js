/** What a reading says as a whole: name, figures, notes, fields, downloads, and the text to copy. */

import { $, make } from "./dom.js";
import { percent, say, sayAs, text } from "./texts.js";
import { showFields } from "./tables.js";

const NAMES = ["result", "text", "pdf", "markdown", "docx", "html", "chunks", "textract", "hocr", "alto", "csv", "xlsx"];

let addresses = []; // of blobs that are offered for download

export function showHead({ name, total, head }) {
  sayAs($("result-title"), name);
  const facts = [fact("fact.pages", total)];
  if (head.status === "partial") facts.push(fact("fact.status", text("status.partial")));
  if (head.confidence !== null) facts.push(fact("fact.confidence", percent(head.confidence)));
  const who = readers(head);
  if (who) facts.push(fact("fact.provider", who));
  if (head.cost?.calls) facts.push(fact("fact.cost", cost(head.cost)));
  $("facts").replaceChildren(...facts);
  $("warnings").replaceChildren(...head.warnings.map((warning) => make("li", { lang: "en" }, warning)));
  $("warnings").hidden = !head.warnings.length;
  showFields(head.fields);
}

export async function showDownloads(reading) {
  const downloads = await reading.downloads();
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = [];
  const rank = ({ kind }) => NAMES.indexOf(kind) + 1 || NAMES.length + 1;
  const links = downloads.sort((one, other) => rank(one) - rank(other)).map((download) => link(download, reading));
  $("downloads").replaceChildren(...links.map((anchor) => make("li", {}, anchor)));
}

function link({ kind, name, href, blob }, reading) {
  const anchor = make("a", { "data-kind": kind, rel: "noopener noreferrer" });
  say(anchor, `output.${kind}`);
  if (blob) {
    anchor.href = URL.createObjectURL(blob);
    anchor.download = name;
    addresses.push(anchor.href);
    return anchor;
  }
  anchor.href = href;
  anchor.download = "";
  anchor.target = "_blank";
  anchor.addEventListener("click", async (event) => {
    if (!event.isTrusted) return; // the click below
    event.preventDefault();
    const fresh = await reading.downloads(); // links do not last
    anchor.href = fresh.find((download) => download.kind === kind).href;
    anchor.click();
  });
  return anchor;
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
