"""Merging what a second pass read into the first reading."""

import msgspec
from msgspec import Struct

from folio.models import PageText, Word
from folio.text.confidence import confidence_of
from folio.text.geometry import join_words
from folio.text.spacing import is_wide
from folio.transform import Box, bounds

_MIN_WORD_CONFIDENCE = 0.6  # words below it are read again
_MIN_GAIN_RATIO = 1.1  # of characters times confidence on a strip to those of the words it replaces


def confident_words(text: PageText) -> list[Word]:
    """Return what needs no second pass: confident words, and confident Chinese lines as one word each.

    The engine's boxes of Chinese words leave out some of their characters, which would be read twice.
    """
    confident = []
    for line in text.lines:
        wide = sum(map(is_wide, line.text))
        if 2 * wide > len(line.text) and confidence_of(line) >= _MIN_WORD_CONFIDENCE:
            confident.append(Word(line.text, line.confidence, line.polygon))
        else:
            confident += [word for word in line.words if confidence_of(word) >= _MIN_WORD_CONFIDENCE]
    return confident


def merged(text: PageText, strips: list[list[Word]]) -> PageText:
    """Put each strip in place of the doubtful words it covers, where it is more and of higher confidence.

    What covers no doubtful words is put beside the confident ones.
    """
    lines = _with_paragraphs(text)
    confident = confident_words(text)
    changed = False
    for strip in strips:
        words = [word for word in strip if not any(_covers(word.bounds, other) for other in confident)]
        boxes = [word.bounds for word in words]
        old = [word for group in lines for word in group.words if any(_covers(box, word) for box in boxes)]
        if _worth(words) <= _MIN_GAIN_RATIO * _worth(old) or (old and _mean(words) <= _mean(old)):
            continue
        lines = _placed(lines, words, {id(word) for word in old})
        changed = True
    if not changed:
        return text
    whole = [join_words(tuple(group.words)) for group in lines]
    breaks = ("" if not index else "\n\n" if group.begins else "\n" for index, group in enumerate(lines))
    written = "".join(gap + line.text for gap, line in zip(breaks, whole, strict=True))
    return msgspec.structs.replace(text, text=written, lines=tuple(whole))


class LineGroup(Struct):
    """The words of a line, and whether it begins a paragraph."""

    words: list[Word]
    begins: bool = False

    def box(self) -> Box:
        return bounds(*(word.polygon for word in self.words))


def _with_paragraphs(text: PageText) -> list[LineGroup]:
    """Return the lines, each with whether it begins a paragraph: an empty line of the text sets those apart."""
    begins, gap = [], True
    for row in text.text.split("\n"):
        if row:
            begins.append(gap)
        gap = not row
    begins += [False] * (len(text.lines) - len(begins))
    return [LineGroup(list(line.words), first) for line, first in zip(text.lines, begins, strict=False)]


def _placed(lines: list[LineGroup], words: list[Word], gone: set[int]) -> list[LineGroup]:
    """Return the lines with new words: in place of old ones, on the row they stand on, or as a line of their own."""
    home = next((group for group in lines if any(id(word) in gone for word in group.words)), None)
    home = home or next((group for group in lines if _beside(group.box(), words)), None)
    inherited = False
    result: list[LineGroup] = []
    for group in lines:
        group.words = [word for word in group.words if id(word) not in gone]
        if group is home:
            group.words = sorted([*group.words, *words], key=lambda word: word.polygon[0][0])
        if group.words:
            group.begins, inherited = group.begins or inherited, False
            result.append(group)
        else:
            inherited = inherited or group.begins
    if home is None:
        index = _index(result, words)
        first = index < len(result) and result[index].begins  # then it begins that paragraph
        if first:
            result[index].begins = False
        result.insert(index, LineGroup(words, first))
    return result


def _beside(line: Box, words: list[Word]) -> bool:
    """Return whether words stand on a line's row, no farther from it than words are from each other."""
    left, top, right, bottom = bounds(*(word.polygon for word in words))
    gap = max(left - line[2], line[0] - right)
    return line[1] <= (top + bottom) / 2 <= line[3] and gap <= 1.5 * (line[3] - line[1])


def _index(lines: list[LineGroup], words: list[Word]) -> int:
    """Return the index of the first line that begins below the words' middle, or stands on their row to the right."""
    left, top, _, bottom = bounds(*(word.polygon for word in words))
    middle = (top + bottom) / 2
    for index, group in enumerate(lines):
        box = group.box()
        if box[1] > middle or (box[1] <= middle <= box[3] and box[0] > left):
            return index
    return len(lines)


def _worth(words: list[Word]) -> float:
    return sum(len(word.text) * confidence_of(word) for word in words)


def _mean(words: list[Word]) -> float:
    return _worth(words) / max(1, sum(len(word.text) for word in words))


def _covers(box: Box, word: Word) -> bool:
    """Return whether the two overlap by a third of the smaller one."""
    left, top, right, bottom = word.bounds
    across = min(right, box[2]) - max(left, box[0])
    down = min(bottom, box[3]) - max(top, box[1])
    if across <= 0 or down <= 0:
        return False
    smaller = min((right - left) * (bottom - top), (box[2] - box[0]) * (box[3] - box[1]))
    return across * down > 0.3 * smaller
