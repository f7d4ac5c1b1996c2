/** The words of a page, numbered: the same number finds a word's box and its place in the text. */

const LETTERS = /\p{L}/u;
const EASTERN = /[\u2e80-\ud7ff]/;

/** All words in order: {text, confidence, polygon, line, index, location}. A line that its provider did not part is one
 * word; `location` is how corrections name it. */
export function wordsOf(page) {
  return page.lines.flatMap((line, number) => {
    const words = line.words.length ? line.words : [line];
    const place = (index) => `lines/${number}${line.words.length ? `/words/${index}` : ""}`;
    return words.map(({ text, confidence, polygon }, index) => ({
      text, confidence, polygon, line: number, index, location: place(index),
    }));
  });
}

/** The page's text as it is, in parts: {text, word}, word being a number or null. Words that are not found in it, in
 * their order, are not marked. */
export function partsOf(page) {
  const parts = [];
  let at = 0;
  const upTo = (end, word = null) => {
    if (end > at) parts.push({ text: page.text.slice(at, end), word });
    at = end;
  };
  let number = 0;
  for (const line of page.lines) {
    const count = line.words.length || 1;
    const start = line.text ? page.text.indexOf(line.text, at) : -1;
    if (start >= 0) markLine(page.text, line, start, number, upTo);
    number += count;
  }
  upTo(page.text.length);
  return parts;
}

function markLine(text, line, start, number, upTo) {
  let from = start;
  const end = start + line.text.length;
  const words = line.words.length ? line.words : [line];
  for (const [place, word] of words.entries()) {
    const found = text.indexOf(word.text, from);
    if (!word.text || found < 0 || found + word.text.length > end) continue;
    upTo(found);
    from = found + word.text.length;
    upTo(from, number + place);
  }
  upTo(end);
}

/** The class that colors a word. */
export function grade(confidence) {
  if (confidence === null || confidence === undefined) return "unknown";
  if (confidence >= 0.9) return "sure";
  return confidence >= 0.7 ? "fair" : "poor";
}

/** The language of a text for fonts, line breaks and voices; Chinese if a fifth of its letters are. */
export function languageOf(text) {
  const letters = [...text].filter((letter) => LETTERS.test(letter));
  const eastern = letters.filter((letter) => EASTERN.test(letter)).length;
  return letters.length && eastern * 5 >= letters.length ? "zh-Hans" : null;
}
