/** The words of a page as boxes over its picture: a listbox for the keyboard and the screen reader, with one stop for
 * the Tab key and the arrow keys within. */

import { $, shape } from "./dom.js";
import { percent, say, text } from "./texts.js";
import { grade } from "./words.js";

const TYPING = 700; // milliseconds between letters that belong together

export class Boxes {
  #words = [];
  #shapes = [];
  #typed = { letters: "", at: 0 };

  /** `current`: the word chosen, or null. `point(word)` and `choose(word)` are told what the person does. */
  constructor({ point, choose }) {
    this.overlay = $("overlay");
    this.current = null;
    const wordAt = (event) => event.target.dataset?.word ?? null;
    this.overlay.addEventListener("pointerover", (event) => point(number(wordAt(event))));
    this.overlay.addEventListener("pointerleave", () => point(null));
    this.overlay.addEventListener("click", (event) => wordAt(event) !== null && choose(number(wordAt(event))));
    this.overlay.addEventListener("focus", () => point(this.current ?? 0));
    this.overlay.addEventListener("blur", () => point(null));
    this.overlay.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const word = this.#moved(event.key);
      if (word !== null) point(word);
      else if (event.key === "Enter" || event.key === " ") choose(this.current);
      else if (event.key === "Escape") this.hideTip();
      else return;
      event.preventDefault();
    });
  }

  draw(page, words) {
    this.#words = words;
    this.current = null;
    this.hideTip();
    this.overlay.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
    this.overlay.removeAttribute("aria-activedescendant");
    this.#shapes = words.map((word, place) => {
      const points = word.polygon.map((point) => point.join(",")).join(" ");
      return shape("polygon", { id: `word-${place}`, "data-word": place, role: "option", points, class: grade(word.confidence) });
    });
    this.overlay.replaceChildren(...this.#shapes);
    this.name();
    this.overlay.toggleAttribute("hidden", !words.length); // an SVG element has no property `hidden`
  }

  /** Give every box its name, in the language of the page. */
  name() {
    for (const [place, word] of this.#words.entries()) this.#shapes[place].setAttribute("aria-label", named(word));
  }

  /** Mark a word as the chosen one. */
  mark(word) {
    this.#shapes[this.current]?.classList.remove("current");
    this.#shapes[this.current]?.setAttribute("aria-selected", "false");
    this.current = word;
    const marked = this.#shapes[word];
    if (!marked) return;
    marked.classList.add("current");
    marked.setAttribute("aria-selected", "true");
    this.overlay.setAttribute("aria-activedescendant", marked.id);
  }

  /** Show what a box says, above it, or below it where there is no room. */
  showTip(place) {
    const word = this.#words[place];
    const tip = $("tip");
    const sure = word.confidence === null ? ["word.none"] : ["word.percent", { percent: percent(word.confidence) }];
    const known = document.createElement("b");
    say(known, ...sure);
    tip.replaceChildren(`${word.text} `, known);
    tip.className = `tip ${grade(word.confidence)}`;
    tip.hidden = false;
    const [box, stage] = [this.#shapes[place].getBoundingClientRect(), $("stage").getBoundingClientRect()];
    const left = Math.min(Math.max(0, box.left - stage.left), Math.max(0, stage.width - tip.offsetWidth));
    const above = box.top - stage.top - tip.offsetHeight - 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${above >= 0 ? above : box.bottom - stage.top + 6}px`;
  }

  /** Show where something lies on the page that is no word, and bring it into view. */
  outline(polygon, block) {
    this.overlay.querySelector(".outline")?.remove();
    const points = polygon.map((point) => point.join(",")).join(" ");
    const outline = shape("polygon", { class: "outline", points, "aria-hidden": "true" });
    this.overlay.append(outline);
    if (block) outline.scrollIntoView({ block, inline: "nearest" });
  }

  hideTip() {
    $("tip").hidden = true;
  }

  /** Bring a box into view. */
  reveal(word, block) {
    this.#shapes[word]?.scrollIntoView({ block, inline: "nearest" });
  }

  /** The word that a key leads to from the current one, null if it leads nowhere. */
  #moved(key) {
    const [last, now] = [this.#words.length - 1, this.current ?? 0];
    const steps = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last };
    if (key in steps) return Math.min(Math.max(0, steps[key]), last);
    if (key === "ArrowUp" || key === "ArrowDown") return this.#inNextLine(now, key === "ArrowDown" ? 1 : -1);
    return key.length === 1 && key !== " " ? this.#startingWith(key) : null;
  }

  /** The word of the next line that is nearest across. */
  #inNextLine(now, step) {
    const line = this.#words[now].line + step;
    const others = [...this.#words.keys()].filter((place) => this.#words[place].line === line);
    const away = (place) => Math.abs(middle(this.#words[place]) - middle(this.#words[now]));
    return others.length ? others.reduce((best, place) => (away(place) < away(best) ? place : best)) : now;
  }

  /** The next word that starts with the letters typed in a row. */
  #startingWith(letter) {
    const now = Date.now();
    const letters = now - this.#typed.at < TYPING ? this.#typed.letters + letter : letter;
    this.#typed = { letters, at: now };
    const count = this.#words.length;
    const first = (this.current ?? 0) + (letters.length === 1 ? 1 : 0);
    const order = [...Array(count).keys()].map((place) => (first + place) % count);
    const starts = (place) => this.#words[place].text.toLowerCase().startsWith(letters.toLowerCase());
    return order.find(starts) ?? this.current;
  }
}

const number = (word) => (word === null ? null : Number(word));
const middle = ({ polygon }) => polygon.reduce((sum, [x]) => sum + x, 0) / polygon.length;

function named(word) {
  if (word.confidence === null) return text("word.unknown", { text: word.text });
  return text("word.sure", { text: word.text, percent: percent(word.confidence) });
}
