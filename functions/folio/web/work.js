/** The documents of this visit: handed in one after another, followed side by side, each with what became of it. */

import { deleteJob, follow } from "./job.js";
import { forget, remember } from "./past.js";
import { Problem } from "./problem.js";
import { Reading } from "./reading.js";
import { isDrawn, mediaType, send } from "./send.js";
import { percent, size, text } from "./texts.js";

const SLOW = 10; // seconds of an upload or a reading, after which it is said how long the rest may take

let turn = Promise.resolve(); // one document is sent at a time

export class Work {
  #changed;
  #stop = new AbortController();
  #began = 0; // a time in milliseconds, and how much was done then
  #start = 0;

  /** A `file` to be read with some options, or the job `id`. `changed` is called when there is news. */
  constructor({ file = null, name = null, options = {}, id = null, changed }) {
    Object.assign(this, { file, options, id, reading: null, problem: null, part: null });
    this.name = name ?? file?.name ?? "Folio";
    this.state = "queued";
    this.said = { key: "work.queued", values: {} };
    this.#changed = changed;
  }

  get ended() {
    return ["done", "failed", "canceled"].includes(this.state);
  }

  /** Do it, to its end; it never fails, but says so. */
  async run() {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.problem = null;
    this.#say("queued", "work.queued");
    try {
      if (!this.id) await this.#inTurn(() => this.#send(signal), signal);
      if (this.id) remember(this.id, this.name);
      if (!this.reading?.finished) await this.#follow(signal);
      this.#say("done", "work.done", { count: this.reading.total });
    } catch (problem) {
      if (signal.aborted) return;
      this.problem = problem instanceof Problem ? problem : new Problem({ key: "problem.fault" });
      if (this.problem.status === 404 && this.id) forget(this.id);
      this.#say("failed", "work.failed");
    }
  }

  /** End it, wherever it is read. */
  cancel() {
    this.#stop.abort();
    if (this.id) {
      deleteJob(this.id).catch(() => {}); // it may be gone, or out of reach: it ends by its age
      forget(this.id);
    }
    this.id = null;
    this.#say("canceled", "busy.stopped");
  }

  async #send(signal) {
    this.#say("sending", "busy.prepare");
    const type = await mediaType(this.file);
    const drawn = isDrawn(type) ? this.file : null;
    if (drawn) this.#say("sending", "busy.reading");
    this.#began = 0;
    const progress = (part) => this.#progress("sending", part, part, 1, "busy.upload", {
      percent: percent(part), bytes: size(this.file.size),
    });
    const sent = await send(this.file, type, this.options, { signal, progress });
    this.id = sent.job;
    this.reading = sent.result || drawn
      ? new Reading({ id: sent.job, name: this.name, file: drawn, type, json: sent.result ?? null })
      : null;
  }

  async #follow(signal) {
    this.#say("waiting", "busy.waiting");
    this.#began = 0;
    this.reading ??= new Reading({ id: this.id, name: this.name });
    const job = await follow(this.id, { signal, seen: (now) => this.#seen(now) });
    this.name = job.filename;
    remember(this.id, this.name);
    this.reading.update(job);
    await this.reading.loadHead(signal);
  }

  #seen(job) {
    const { state, pages, filename } = job;
    if (filename) this.name = filename;
    this.reading.update(job);
    if (state !== "reading") this.#say("waiting", "busy.waiting");
    else if (!pages.total) this.#say("reading", "busy.reading");
    else this.#progress("reading", pages.done / pages.total, pages.done, pages.total, "busy.pages", pages);
  }

  /** Say how far it is, and after a while how long the rest may take. */
  #progress(state, part, done, total, key, values) {
    const now = Date.now();
    if (!this.#began) [this.#began, this.#start] = [now, done];
    const seconds = (now - this.#began) / 1000;
    const rest = seconds > SLOW && done > this.#start ? ((total - done) * seconds) / (done - this.#start) : 0;
    const left = rest > 30 ? text("busy.left", { count: Math.ceil(rest / 60) }) : "";
    this.#say(state, key, { ...values, left }, part);
  }

  #say(state, key, values = {}, part = null) {
    Object.assign(this, { state, part, said: { key, values } });
    this.#changed(this);
  }

  #inTurn(step, signal) {
    const mine = turn.then(() => {
      signal.throwIfAborted();
      return step();
    });
    turn = mine.catch(() => {});
    return mine;
  }
}
