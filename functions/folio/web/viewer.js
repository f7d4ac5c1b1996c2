/** One page of a reading at a time: its picture with the words boxed, and its text. */

import { Boxes } from "./boxes.js";
import { $, make } from "./dom.js";
import { percent, say, sayAs } from "./texts.js";
import { choosePanes } from "./panes.js";
import { pageError, remark } from "./remarks.js";
import { showTables } from "./tables.js";
import { grade, languageOf, partsOf, wordsOf } from "./words.js";

const ZOOMS = [1, 1.5, 2, 3, 4];
const LEGIBLE = 26; // pixels of height, of a line that is to be read
const STACKED = window.matchMedia("(max-width: 52rem)");

export class Viewer {
  #reading = null;
  #number = 1;
  #page = null; // as it was read; null while it is not there
  #zoom = 0;
  #loading = new AbortController();
  #address = null; // of the picture that is shown
  #spans = [];
  #failed;

  /** `failed` is told the problem of a page that cannot be fetched. */
  constructor(failed) {
    this.#failed = failed;
    this.boxes = new Boxes({ point: (word) => this.#point(word), choose: (word) => this.#locate(word, "text") });
    $("previous").addEventListener("click", () => this.#go(this.#number - 1));
    $("next").addEventListener("click", () => this.#go(this.#number + 1));
    $("number").addEventListener("change", (event) => this.#go(Math.round(event.target.valueAsNumber) || this.#number));
    $("smaller").addEventListener("click", () => this.#size(this.#zoom - 1));
    $("larger").addEventListener("click", () => this.#size(this.#zoom + 1));
    $("boxes").addEventListener("change", (event) => $("stage").classList.toggle("bare", !event.target.checked));
    const wordAt = (event) => (event.target.dataset.word ? Number(event.target.dataset.word) : null);
    $("text").addEventListener("pointerover", (event) => this.#point(wordAt(event)));
    $("text").addEventListener("pointerleave", () => this.#point(null));
    $("text").addEventListener("click", (event) => wordAt(event) !== null && this.#locate(wordAt(event), "picture"));
  }

  async open(reading) {
    this.#reading = reading;
    this.#count();
    this.#size(0);
    await this.#go(1);
  }

  get number() {
    return this.#number;
  }

  #count() {
    const { total } = this.#reading;
    $("number").max = total;
    $("pages").hidden = total < 2;
    say($("total"), "page.of", { total });
  }

  /** More pages have been read: the one that is waited for may be among them. */
  refresh() {
    this.#count();
    if (this.#page === null && this.#reading.ready(this.#number)) this.#go(this.#number);
  }

  /** Something on the page was corrected. */
  redraw() {
    if (this.#page) this.#show(this.#page);
  }

  /** Show a page, and answer it; null if it cannot be shown. */
  async go(number) {
    if (number !== this.#number || !this.#page) await this.#go(number);
    return this.#page;
  }

  /** Bring a place on the page into the middle of the view, large enough to be read. */
  focusOn(polygon) {
    const [tops, lefts] = [polygon.map(([, y]) => y), polygon.map(([x]) => x)];
    const height = Math.max(1, Math.max(...tops) - Math.min(...tops));
    const view = $("picture-scroll");
    const enough = ZOOMS.findIndex((zoom) => (height * zoom * view.clientWidth) / this.#page.width >= LEGIBLE);
    this.#size(enough < 0 ? ZOOMS.length - 1 : enough);
    this.boxes.outline(polygon, null);
    const scale = $("stage").clientWidth / this.#page.width;
    const middle = (along) => ((Math.max(...along) + Math.min(...along)) / 2) * scale;
    view.scrollTo({
      left: middle(lefts) - view.clientWidth / 2, top: middle(tops) - view.clientHeight / 2, behavior: "instant",
    });
  }

  close() {
    this.#loading.abort();
    this.#reading = null;
    this.#forgetPicture();
  }

  /** The language has changed. */
  rename() {
    this.boxes.name();
    if (this.#page) this.#note(this.#page);
    this.boxes.hideTip();
  }

  async #go(number) {
    this.#number = Math.min(Math.max(1, number), this.#reading.total);
    $("number").value = this.#number;
    // Disabling what has the focus would lose it.
    $("previous").setAttribute("aria-disabled", this.#number === 1);
    $("next").setAttribute("aria-disabled", this.#number === this.#reading.total);
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    $("result").setAttribute("aria-busy", "true");
    this.#page = null;
    const picture = this.#showPicture(signal);
    try {
      if (this.#reading.ready(this.#number)) {
        const page = await this.#reading.page(this.#number, signal);
        if (!signal.aborted) this.#show(page);
      } else this.#showUnread();
    } catch (problem) {
      if (!signal.aborted) this.#failed(problem);
    }
    await picture;
    if (!signal.aborted) $("result").removeAttribute("aria-busy");
  }

  /** A page that is still to be read. */
  #showUnread() {
    $("overlay").toggleAttribute("hidden", true);
    $("picture-scroll").tabIndex = 0;
    $("text").replaceChildren(said("p", "note", "page.unread"));
    showTables([], () => {});
    sayAs($("page-confidence"), "");
    $("page-note").hidden = true;
    $("copy").hidden = true;
    choosePanes({ tables: 0 });
  }

  #show(page) {
    this.#page = page;
    const words = wordsOf(page);
    $("stage").style.aspectRatio = `${page.width} / ${page.height}`;
    this.boxes.draw(page, words);
    $("picture-scroll").tabIndex = words.length ? -1 : 0; // without boxes to go to, the keyboard scrolls it by itself
    this.#note(page);
    this.#spans = [];
    const parts = partsOf(page).map((part) => this.#part(part, words));
    const lang = languageOf(page.text);
    $("text").replaceChildren(...parts);
    for (const place of [$("text"), $("tables"), $("tip")]) {
      if (lang) place.lang = lang;
      else place.removeAttribute("lang");
    }
    if (!page.text) $("text").append(said("p", "note", "page.notext"));
    showTables(page.tables, (polygon) => this.outline(polygon), (location, read) => this.#corrected(location, read));
    choosePanes({ tables: page.tables.length });
    if (page.confidence === null) sayAs($("page-confidence"), "");
    else say($("page-confidence"), "text.confidence", { percent: percent(page.confidence) });
    $("copy").hidden = !page.text;
    $("text-scroll").scrollTop = 0;
    if (page.number === this.#number) say($("picture-title"), "picture.title");
    else say($("picture-title"), "picture.number", { number: page.number });
    say($("live"), "page.shown", { number: this.#number, total: this.#reading.total, count: words.length });
  }

  #part({ text, word }, words) {
    if (word === null) return text;
    const right = this.#corrected(words[word].location, text);
    const style = right === null ? grade(words[word].confidence) : "corrected";
    this.#spans[word] = make("span", { "data-word": word, class: style }, right ?? text);
    return this.#spans[word];
  }

  #corrected(location, read) {
    return this.#reading.corrections?.text(this.#page.number, location, read) ?? null;
  }

  /** Show where something lies on the page. */
  outline(polygon) {
    this.boxes.outline(polygon, STACKED.matches ? "center" : "nearest");
  }

  #note(page) {
    const note = $("page-note");
    const key = { "text-layer": "page.layer", mixed: "page.mixed", blank: "page.blank" }[page.origin];
    note.hidden = false;
    note.classList.toggle("wrong", page.status === "failed");
    if (page.status === "failed") {
      say(note, "page.failed", { message: pageError(page.error) });
    } else if (key) say(note, key);
    else if (page.warnings.length) sayAs(note, page.warnings.map((one) => remark(one).words).join(" "));
    else note.hidden = true;
  }

  async #showPicture(signal) {
    const picture = $("picture");
    this.#forgetPicture();
    $("overlay").toggleAttribute("hidden", true);
    this.boxes.hideTip();
    $("picture-note").hidden = false;
    say($("picture-note"), "page.loading");
    try {
      const blob = await this.#reading.picture(this.#number, signal);
      if (signal.aborted) return;
      this.#address = URL.createObjectURL(blob);
      picture.src = this.#address;
      say(picture, "picture.alt", { number: this.#number, name: this.#reading.name }, "alt");
      await picture.decode();
      if (signal.aborted) return;
      picture.hidden = false;
      $("picture-note").hidden = true;
    } catch {
      if (!signal.aborted) say($("picture-note"), "picture.none");
    }
  }

  #forgetPicture() {
    $("picture").hidden = true;
    $("picture").removeAttribute("src");
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = null;
  }

  #size(zoom) {
    this.#zoom = Math.min(Math.max(0, zoom), ZOOMS.length - 1);
    $("stage").style.width = `${ZOOMS[this.#zoom] * 100}%`;
    $("zoom").textContent = `${ZOOMS[this.#zoom] * 100}%`;
    $("smaller").setAttribute("aria-disabled", this.#zoom === 0);
    $("larger").setAttribute("aria-disabled", this.#zoom === ZOOMS.length - 1);
    this.boxes.hideTip();
    this.boxes.reveal(this.boxes.current, "nearest");
  }

  /** Show a word on the page and in the text; with null, none. */
  #point(word) {
    this.#spans[this.boxes.current]?.classList.remove("current");
    this.boxes.mark(word ?? this.boxes.current);
    this.#spans[this.boxes.current]?.classList.add("current");
    if (word === null || $("overlay").hasAttribute("hidden")) this.boxes.hideTip();
    else this.boxes.showTip(word);
  }

  /** Bring the other place of a word into view. */
  #locate(word, where) {
    if (word === null) return;
    this.#point(word);
    const block = STACKED.matches ? "center" : "nearest";
    if (where === "text") this.#spans[word]?.scrollIntoView({ block, inline: "nearest" });
    else this.boxes.reveal(word, block);
  }
}

function said(tag, style, key) {
  const element = make(tag, { class: style });
  say(element, key);
  return element;
}
