"""Putting what a second pass found into what was read first."""

import msgspec
from msgspec import Struct

from folio.models import PageText, Word
from folio.text.confidence import confidence_of
from folio.text.geometry import join_words
from folio.text.spacing import is_wide
from folio.transform import Box, bounds

CONFIDENT = 0.6
GAIN = 1.1  # by how much more letters times confidence a strip must bring


def confident_words(text: PageText) -> list[Word]:
    """What needs no second pass: confident words; of confident Chinese lines the whole.

    The engine's boxes of Chinese words leave out some of their characters, which would be read twice.
    """
    sure = []
    for line in text.lines:
        wide = sum(map(is_wide, line.text))
        if 2 * wide > len(line.text) and confidence_of(line) >= CONFIDENT:
            sure.append(Word(line.text, line.confidence, line.polygon))
        else:
            sure += [word for word in line.words if confidence_of(word) >= CONFIDENT]
    return sure


def merged(text: PageText, strips: list[list[Word]]) -> PageText:
    """Each strip in the place of the unsure words it covers, where it is more and surer; or beside the sure ones."""
    lines = _with_paragraphs(text)
    sure = confident_words(text)
    changed = False
    for strip in strips:
        words = [word for word in strip if not any(_covers(word.bounds, other) for other in sure)]
        boxes = [word.bounds for word in words]
        old = [word for part in lines for word in part.words if any(_covers(box, word) for box in boxes)]
        if _worth(words) <= GAIN * _worth(old) or (old and _mean(words) <= _mean(old)):
            continue
        lines = _placed(lines, words, {id(word) for word in old})
        changed = True
    if not changed:
        return text
    whole = [join_words(tuple(part.words)) for part in lines]
    breaks = ("" if not at else "\n\n" if part.begins else "\n" for at, part in enumerate(lines))
    written = "".join(gap + line.text for gap, line in zip(breaks, whole, strict=True))
    return msgspec.structs.replace(text, text=written, lines=tuple(whole))


class LineGroup(Struct):
    """The words of a line, and whether it begins a paragraph."""

    words: list[Word]
    begins: bool = False

    def box(self) -> Box:
        return bounds(*(word.polygon for word in self.words))


def _with_paragraphs(text: PageText) -> list[LineGroup]:
    """The lines as they stand in the text, where an empty line sets paragraphs apart."""
    begins, gap = [], True
    for row in text.text.split("\n"):
        if row:
            begins.append(gap)
        gap = not row
    begins += [False] * (len(text.lines) - len(begins))
    return [LineGroup(list(line.words), first) for line, first in zip(text.lines, begins, strict=False)]


def _placed(lines: list[LineGroup], words: list[Word], gone: set[int]) -> list[LineGroup]:
    """The lines with new words: instead of old ones, on the row they stand on, or as a line of their own."""
    home = next((part for part in lines if any(id(word) in gone for word in part.words)), None)
    home = home or next((part for part in lines if _beside(part.box(), words)), None)
    inherited = False
    result: list[LineGroup] = []
    for part in lines:
        part.words = [word for word in part.words if id(word) not in gone]
        if part is home:
            part.words = sorted([*part.words, *words], key=lambda word: word.polygon[0][0])
        if part.words:
            part.begins, inherited = part.begins or inherited, False
            result.append(part)
        else:
            inherited = inherited or part.begins
    if home is None:
        at = _place(result, words)
        first = at < len(result) and result[at].begins  # then it begins that paragraph
        if first:
            result[at].begins = False
        result.insert(at, LineGroup(words, first))
    return result


def _beside(line: Box, words: list[Word]) -> bool:
    """Whether words stand on a line's row, no farther from it than words are from each other."""
    left, top, right, bottom = bounds(*(word.polygon for word in words))
    gap = max(left - line[2], line[0] - right)
    return line[1] <= (top + bottom) / 2 <= line[3] and gap <= 1.5 * (line[3] - line[1])


def _place(lines: list[LineGroup], words: list[Word]) -> int:
    """Before the first line that begins below the words' middle, or stands on their row to the right."""
    left, top, _, bottom = bounds(*(word.polygon for word in words))
    middle = (top + bottom) / 2
    for at, part in enumerate(lines):
        box = part.box()
        if box[1] > middle or (box[1] <= middle <= box[3] and box[0] > left):
            return at
    return len(lines)


def _worth(words: list[Word]) -> float:
    return sum(len(word.text) * confidence_of(word) for word in words)


def _mean(words: list[Word]) -> float:
    return _worth(words) / max(1, sum(len(word.text) for word in words))


def _covers(box: Box, word: Word) -> bool:
    """Whether the two overlap by a third of the smaller one."""
    left, top, right, bottom = word.bounds
    across = min(right, box[2]) - max(left, box[0])
    down = min(bottom, box[3]) - max(top, box[1])
    if across <= 0 or down <= 0:
        return False
    smaller = min((right - left) * (bottom - top), (box[2] - box[0]) * (box[3] - box[1]))
    return across * down > 0.3 * smaller
