/** Warnings of results and errors of pages, which these tell in English, in the language of the page. */

import errors from "./errors.js";
import { language } from "./texts.js";
import WARNINGS from "./warnings.js";

const KNOWN = new Map(WARNINGS);
let patterns = null; // the longest first: those with most words of their own

/** A remark as it is told here: {words, lang}, lang being that of the words where it is not the page's. */
export function remark(english) {
  if (language() === "en") return { words: english, lang: null };
  const words = translated(english);
  return { words: words ?? english, lang: words === null ? "en" : null };
}

/** Why a page failed, and what to do about it. */
export function pageError({ type, message, hint }) {
  const [detail, remedy] = (language() !== "en" && errors[kebab(type)]) || [message, hint];
  return `${detail} ${remedy}`;
}

const kebab = (type) => type.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();

function translated(english) {
  if (KNOWN.has(english)) return KNOWN.get(english);
  patterns ??= WARNINGS.filter(([text]) => text.includes("{}")).sort(([one], [other]) => other.length - one.length)
    .map(([text, other]) => [new RegExp(`^${text.split("{}").map(escaped).join("(.*?)")}$`, "s"), other]);
  for (const [pattern, other] of patterns) {
    const match = pattern.exec(english);
    if (!match) continue;
    const values = match.slice(1).map((part) => translated(part) ?? part);
    let next = 0;
    return other.replace(/\{(\d*)\}/g, (_, number) => values[number === "" ? next++ : Number(number)]);
  }
  return null;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
