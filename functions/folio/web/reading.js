/** What was read, page by page, wherever it lies: in one answer, or in a job whose pages are fetched as they are shown,
 * also while others are still being read. */

import { request, requestJson } from "./api.js";
import { Corrections } from "./corrections.js";
import { jobPath } from "./job.js";

const FRESH = 10 * 60_000; // milliseconds; links last a quarter of an hour
const SHORT = 20; // pages; the JSON of longer documents is for downloading, not for a look at its head

export class Reading {
  #file;
  #type;
  #json;
  #pages;
  #job = null;
  #fetched = 0;
  #correcting = null; // until the corrections are there
  #made = 0; // the revision of the corrections that the job's forms have

  /** `id` is the job's, or null. `file`: the document, if it is a picture that the browser draws. `json`: the result as
   * it was answered, if it was. */
  constructor({ id, name, file = null, type = null, json = null }) {
    Object.assign(this, { id, name, head: null, corrections: null });
    this.#file = file;
    this.#type = type;
    this.#json = json;
    if (json !== null) this.head = JSON.parse(json);
    this.#pages = this.head?.pages ?? null;
  }

  /** There is news of the job. */
  update(job) {
    this.#job = job;
    this.#fetched = Date.now();
    this.name = job.filename;
  }

  get total() {
    return this.#pages?.length ?? this.#job?.pages.total ?? this.#job?.pages.done ?? 0;
  }

  get finished() {
    return this.#pages !== null || ["complete", "partial"].includes(this.#job?.state);
  }

  /** The number in the document of the page at a position, from 1: those that were read need not be all. */
  numberOf(position) {
    return this.#pages?.[position - 1]?.number ?? chosen(this.#job?.pages.chosen ?? "", position);
  }

  /** The position of a page by its number in the document. */
  positionOf(number) {
    for (let position = 1; position <= this.total; position += 1) if (this.numberOf(position) === number) return position;
    return 1;
  }

  /** Whether the page at a position can be shown already. */
  ready(position) {
    if (this.finished) return true;
    const number = this.numberOf(position);
    const runs = (this.#job?.pages.ready ?? "").split(",").filter(Boolean).map((run) => run.split("-").map(Number));
    return runs.some(([first, last]) => first <= number && number <= last);
  }

  async page(position, signal) {
    return this.#pages?.[position - 1] ?? requestJson(this.#path(position), { signal });
  }

  async picture(position, signal) {
    if (this.#file) return drawable(this.#file, this.#type);
    return (await request(this.#path(position), { accept: "image/png", signal })).blob();
  }

  #path(position) {
    return `${jobPath(this.id)}/pages/${this.numberOf(position)}`;
  }

  /** Fields, warnings and the like are told by the result itself. */
  async loadHead(signal) {
    if (this.head) return;
    this.head = { status: this.#job.state, confidence: null, warnings: [], fields: [] };
    if (!this.#job.links.result || this.#job.pages.total > SHORT) return;
    try {
      this.head = await (await fetch(this.#job.links.result, { signal })).json();
    } catch {
      signal?.throwIfAborted(); // the pages are there all the same
    }
  }

  /** A form of the result: {href}, {blob, name}, or null where the document has none. It is made if need be. */
  async form(kind) {
    const revision = this.corrections?.revision ?? 0;
    if (this.#json !== null && !revision) {
      const { name, head } = this;
      if (kind === "result") return { name: `${name}.ocr.json`, blob: blob(this.#json, "application/json") };
      if (kind === "text") return { name: `${name}.txt`, blob: blob(head.text, "text/plain;charset=utf-8") };
    }
    if (!this.id) return null;
    await this.#refresh();
    if (kind !== "result" && (!(kind in this.#job.links) || revision > this.#made)) {
      await this.#make([kind]);
      this.#made = revision;
    }
    const href = this.#job.links[kind];
    return href ? { href } : null;
  }

  /** Whether people have corrected it. */
  get reviewed() {
    return this.#job?.reviewed ?? false;
  }

  /** Fetch what people have corrected: once, however many ask. `changed` is called with every news. */
  loadCorrections(changed) {
    this.#correcting ??= this.#loadCorrections(changed).catch((problem) => {
      this.#correcting = null;
      throw problem;
    });
    return this.#correcting;
  }

  async #loadCorrections(changed) {
    await this.#refresh(); // what was answered at once is being kept
    const loaded = new Corrections(this.id, changed);
    await loaded.load();
    this.corrections = loaded;
  }

  /** Have all forms made anew that were made before the last correction. */
  async renew() {
    const revision = this.corrections?.revision ?? 0;
    if (revision <= this.#made) return;
    await this.#make([]);
    this.#made = revision;
  }

  /** The document itself, to be read again. */
  async source() {
    if (this.#file) return this.#file;
    await this.#refresh();
    return new File([await (await fetch(this.#job.links.source)).blob()], this.name);
  }

  async #make(outputs) {
    this.update(await requestJson(`${jobPath(this.id)}/outputs`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ outputs }),
    }));
  }

  async #refresh() {
    while (!this.#job || !this.#job.links.result || Date.now() - this.#fetched > FRESH) {
      const job = await requestJson(jobPath(this.id));
      this.update(job);
      if (!job.links.result) await new Promise((resolve) => setTimeout(resolve, 1000)); // what was answered is being kept
    }
  }
}

/** The page at a position of those that were chosen (2-3,7 or 5-); of all, if nothing is said. */
function chosen(ranges, position) {
  let left = position;
  for (const range of ranges.split(",").filter(Boolean)) {
    const [first, last = first] = range.split("-").map(Number);
    const end = range.endsWith("-") ? Infinity : last;
    if (first + left - 1 <= end) return first + left - 1;
    left -= end - first + 1;
  }
  return position;
}

const blob = (text, type) => new Blob([text], { type });

/** A picture that stands still, as it was read: of a moving one the first frame. */
async function drawable(file, type) {
  if (type !== "image/gif" && type !== "image/webp") return file;
  const frame = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  canvas.getContext("2d").drawImage(frame, 0, 0);
  frame.close();
  return canvas.convertToBlob();
}
