/** What people have corrected of a job's result. Each correction is sent soon after it was made, on condition that
 * nobody else has added one meanwhile; if somebody has, theirs are taken in, and only what contradicts is asked about. */

import { request } from "./api.js";
import { jobPath } from "./job.js";

const SOON = 600; // milliseconds between a correction and its way to the service
const MOST = 500; // in one request
const AGAIN = 10_000; // milliseconds until the service is tried again that was out of reach
const UNSENT = "folio.unsent."; // in the session, so that a page loaded again loses none
const NAME = "folio.reviewer";

export const reviewer = () => localStorage.getItem(NAME) ?? "";
export const nameReviewer = (name) => localStorage.setItem(NAME, name);

const placeOf = ({ page, location }) => `${page}/${location}`;

export class Corrections {
  #id;
  #changed;
  #current = new Map(); // place -> the correction that counts
  #pending = new Map(); // place -> a correction that is not saved yet
  #saving = null;
  #timer = null;

  /** Of the job `id`; `changed` is called with every news. `conflicts` are pairs {mine, theirs} to be decided. */
  constructor(id, changed = () => {}) {
    Object.assign(this, { revision: 0, conflicts: [], problem: null });
    this.#id = id;
    this.#changed = changed;
    const unsent = JSON.parse(sessionStorage.getItem(UNSENT + id) ?? "[]");
    for (const edit of unsent) this.#pending.set(placeOf(edit), edit);
  }

  async load(signal) {
    this.#take(await (await request(`${jobPath(this.#id)}/review`, { signal })).json());
    if (this.#pending.size) this.#soon();
  }

  /** What stands at a location by now; null where nobody has said anything about what was `read` there. */
  text(page, location, read) {
    const edit = this.#pending.get(`${page}/${location}`) ?? this.#current.get(`${page}/${location}`);
    return edit && edit.read === read ? edit.text : null;
  }

  get saved() {
    return !this.#pending.size;
  }

  /** Correct a location: {page, location, read, text}. */
  put(edit) {
    this.#pending.set(placeOf(edit), edit);
    this.#keep();
    this.#soon();
  }

  /** Decide a conflict. */
  decide(conflict, mine) {
    this.conflicts = this.conflicts.filter((one) => one !== conflict);
    if (mine) this.put(conflict.mine);
    this.#keep();
    this.#changed();
  }

  /** Send what is not saved yet, now. */
  flush() {
    clearTimeout(this.#timer);
    this.#saving ??= this.#send().finally(() => {
      this.#saving = null;
      this.#keep();
      this.#changed();
    });
    return this.#saving;
  }

  #soon() {
    this.#changed();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), SOON);
  }

  async #send() {
    this.problem = null;
    while (this.#pending.size) {
      const edits = [...this.#pending.values()].slice(0, MOST);
      try {
        const answer = await request(`${jobPath(this.#id)}/review`, {
          method: "PATCH",
          headers: { "Content-Type": "application/json", "If-Match": `"${this.revision}"` },
          body: JSON.stringify({ by: reviewer(), edits }),
        });
        this.#take(await answer.json());
        for (const edit of edits) if (this.#pending.get(placeOf(edit)) === edit) this.#pending.delete(placeOf(edit));
      } catch (problem) {
        if (problem.status !== 412 || !problem.told?.review) {
          this.problem = problem;
          if (!problem.status || problem.status >= 500) this.#timer = setTimeout(() => this.flush(), AGAIN);
          return;
        }
        this.#merge(problem.told.review);
      }
    }
  }

  /** Take in what others have added; what of ours contradicts it waits until it is decided. */
  #merge(newer) {
    const before = this.#current;
    this.#take(newer);
    for (const [place, mine] of this.#pending) {
      const theirs = this.#current.get(place);
      const known = before.get(place)?.text ?? null;
      if (!theirs || theirs.text === known || theirs.text === mine.text) continue;
      this.conflicts.push({ mine, theirs });
      this.#pending.delete(place);
    }
  }

  #take(review) {
    this.revision = review.revision;
    this.#current = new Map(review.edits.map((edit) => [placeOf(edit), edit]));
    for (const [place, edit] of this.#current) if (edit.text === null) this.#current.delete(place);
  }

  #keep() {
    const edits = [...this.#pending.values(), ...this.conflicts.map(({ mine }) => mine)];
    if (edits.length) sessionStorage.setItem(UNSENT + this.#id, JSON.stringify(edits));
    else sessionStorage.removeItem(UNSENT + this.#id);
  }
}
