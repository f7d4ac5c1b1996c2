/** What the page says, in English and Chinese. An element knows what it says by its data-text (or data-label,
 * data-placeholder) and data-values, so that a change of language finds everything that is on the page. */

import { $ } from "./dom.js";
import { CHINESE, ENGLISH } from "./choices.js";
import en from "./en.js";
import zh from "./zh.js";

const TEXTS = { en: { ...ENGLISH, ...en }, "zh-CN": { ...ENGLISH, ...CHINESE, ...zh } };
const NAME = "folio.language";
const PLACES = {
  text: (element, text) => { element.textContent = text; },
  label: (element, text) => element.setAttribute("aria-label", text),
  alt: (element, text) => element.setAttribute("alt", text),
};

let current = "en";

export const language = () => current;

/** The message, with {names} replaced by values; a value `count` chooses between singular and plural. */
export function text(key, values = {}) {
  const messages = TEXTS[current];
  let message = messages[key];
  if (message === undefined && "count" in values) {
    const form = new Intl.PluralRules(current).select(values.count);
    message = messages[`${key}.${form}`] ?? messages[`${key}.other`];
  }
  return (message ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? shown(values[name]) : whole));
}

/** Let an element say a message, in whatever language is chosen, now and later. */
export function say(element, key, values = {}, place = "text") {
  element.dataset[place] = key;
  element.dataset.values = JSON.stringify(values);
  PLACES[place](element, text(key, values));
}

/** Let an element say what no language changes. */
export function sayAs(element, words) {
  delete element.dataset.text;
  element.textContent = words;
}

export const percent = (part) => part.toLocaleString(current, { style: "percent" });

/** Bytes as people write them: 3.4 MB. */
export function size(bytes) {
  const options = { style: "unit", unit: bytes < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: 1 };
  return (bytes < 1e6 ? bytes / 1e3 : bytes / 1e6).toLocaleString(current, options);
}

function shown(value) {
  return typeof value === "number" ? value.toLocaleString(current) : String(value);
}

function use(chosen) {
  current = chosen;
  document.documentElement.lang = chosen;
  for (const element of document.querySelectorAll("[data-text], [data-label], [data-alt]")) {
    const values = JSON.parse(element.dataset.values ?? "{}");
    for (const [place, put] of Object.entries(PLACES)) {
      if (element.dataset[place]) put(element, text(element.dataset[place], values));
    }
  }
  const [other] = Object.keys(TEXTS).filter((name) => name !== chosen);
  $("language").textContent = TEXTS[other].language;
  $("language").lang = other;
}

/** Speak the browser's language, or the one chosen in this tab; `changed` is called after every switch. */
export function startTexts(changed) {
  const wanted = sessionStorage.getItem(NAME) ?? navigator.language;
  use(wanted.toLowerCase().startsWith("zh") ? "zh-CN" : "en");
  $("language").addEventListener("click", (event) => {
    sessionStorage.setItem(NAME, event.currentTarget.lang);
    use(event.currentTarget.lang);
    changed();
  });
}
