/** Correcting a result by the keyboard: one doubtful place after another, its picture always in view. Enter takes what
 * the field says and goes on; so a word that is right takes one key, and one that is not its letters and one key. */

import { nameReviewer, reviewer } from "./corrections.js";
import { $, make } from "./dom.js";
import { placesOf } from "./doubts.js";
import { sentences } from "./problem.js";
import { percent, say, sayAs, text } from "./texts.js";
import { grade, languageOf } from "./words.js";

const KINDS = { word: "correct.kind.word", cell: "correct.kind.cell", field: "correct.kind.field" };

export class Reviewer {
  #viewer;
  #reading = null;
  #page = 0;
  #places = [];
  #at = 0;
  #all = false;
  #trail = []; // places that were decided, for the way back

  constructor(viewer, leave) {
    this.#viewer = viewer;
    $("correct-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take($("correction").value.trim());
    });
    $("correct-nothing").addEventListener("click", () => this.#take(""));
    $("correct-skip").addEventListener("click", () => this.#step(1));
    $("correct-back").addEventListener("click", () => this.#back());
    $("correct-rest").addEventListener("click", () => { this.#all = true; this.#seek(1); });
    $("correct-leave").addEventListener("click", leave);
    $("correction").addEventListener("keydown", (event) => {
      const act = { ArrowDown: () => this.#step(1), ArrowUp: () => this.#back(), Escape: leave }[event.key];
      if (!act || event.isComposing) return;
      event.preventDefault();
      act();
    });
    $("reviewer").value = reviewer();
    $("reviewer").addEventListener("change", () => nameReviewer($("reviewer").value.trim()));
  }

  /** What there is to correct is being fetched. */
  prepare() {
    $("correct-form").hidden = true;
    $("correct-done").hidden = true;
    $("conflicts").hidden = true;
    say($("correct-count"), "download.making");
    sayAs($("correct-state"), "");
    $("correct-leave").focus();
  }

  /** Begin with the first page. */
  async open(reading) {
    this.#reading = reading;
    this.#all = false;
    this.#trail = [];
    await this.#seek(1);
  }

  /** Show how it stands with saving, also to who has left the review, and what is to be decided. */
  tell({ corrections } = this.#reading) {
    const { conflicts = [], problem = null, saved = true } = corrections ?? {};
    const state = problem ? "correct.unsaved" : saved ? "correct.saved" : "correct.saving";
    $("unsaved").hidden = !problem || !$("corrector").hidden;
    for (const told of [$("correct-state"), $("unsaved")]) {
      say(told, state, problem ? { message: sentences(problem).detail } : {});
    }
    $("correct-state").classList.toggle("wrong", Boolean(problem));
    $("conflicts").hidden = !conflicts.length;
    $("conflict-list").replaceChildren(...conflicts.map((conflict) => this.#conflict(conflict)));
  }

  #conflict(conflict) {
    const { mine, theirs } = conflict;
    const what = make("span");
    say(what, "correct.conflict", {
      read: mine.read, mine: mine.text, theirs: theirs.text, by: theirs.by || text("correct.somebody"),
    });
    const choices = [["correct.theirs", false], ["correct.mine", true]].map(([key, take]) => {
      const button = make("button", { type: "button", class: "second" });
      say(button, key);
      button.addEventListener("click", () => {
        this.#reading.corrections.decide(conflict, take);
        $("correction").focus();
      });
      return button;
    });
    return make("li", {}, what, ...choices);
  }

  /** Go to the first page from a number on that has something to look at; what was skipped is not sought again. */
  async #seek(from) {
    for (let number = from; number <= this.#reading.total; number += 1) {
      const page = await this.#viewer.go(number);
      if (!page) return;
      const { corrections, head } = this.#reading;
      const done = ({ page: on, location, read }) => corrections.text(on, location, read) !== null;
      this.#page = number;
      this.#places = placesOf(page, head.fields ?? [], { all: this.#all, done });
      this.#at = 0;
      if (this.#places.length) {
        this.#show();
        return;
      }
    }
    this.#finish();
  }

  #show() {
    const place = this.#places[this.#at];
    const { corrections, total } = this.#reading;
    $("correct-form").hidden = false;
    $("correct-done").hidden = true;
    say($("correct-count"), this.#all ? "correct.rest" : "correct.doubt", {
      number: this.#at + 1, total: this.#places.length, page: this.#page, pages: total,
    });
    say($("correct-kind"), KINDS[place.kind], { name: place.name });
    const sure = place.confidence === null ? text("word.none") : percent(place.confidence);
    say($("correct-sure"), "correct.sure", { percent: sure });
    $("correct-sure").className = `note ${grade(place.confidence)}`;
    $("context").replaceChildren(place.before, make("mark", {}, place.read), place.after);
    const field = $("correction");
    const lang = languageOf(place.read);
    for (const element of [field, $("context")]) {
      if (lang) element.lang = lang;
      else element.removeAttribute("lang");
    }
    field.value = corrections.text(place.page, place.location, place.read) ?? place.read;
    field.focus({ preventScroll: true });
    field.select();
    if (place.polygon) this.#viewer.focusOn(place.polygon);
    this.tell();
  }

  #take(words) {
    const { page, location, read } = this.#places[this.#at];
    this.#trail.push([this.#page, this.#places, this.#at]);
    this.#reading.corrections.put({ page, location, read, text: words });
    this.#step(1);
  }

  #step(by) {
    this.#at += by;
    if (this.#at < this.#places.length) this.#show();
    else this.#seek(this.#page + 1);
  }

  /** The place before, also one on an earlier page. */
  async #back() {
    if (this.#at > 0) {
      this.#at -= 1;
      this.#show();
      return;
    }
    const earlier = this.#trail.filter(([, places]) => places !== this.#places);
    if (earlier.length) {
      const [page, places, at] = earlier.at(-1);
      this.#trail = earlier.slice(0, -1);
      if (page !== this.#page) await this.#viewer.go(page);
      [this.#page, this.#places, this.#at] = [page, places, at];
      this.#show();
    }
  }

  #finish() {
    $("correct-form").hidden = true;
    $("correct-done").hidden = false;
    $("correct-rest").hidden = this.#all;
    say($("correct-count"), "correct.none");
    $(this.#all ? "correct-leave" : "correct-rest").focus();
    this.tell();
    say($("live"), "correct.none");
  }
}
