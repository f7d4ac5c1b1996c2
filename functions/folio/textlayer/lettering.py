"""Words that are set in a way of their own: letter by letter along a line, down a column, or across the page."""

import itertools
from collections.abc import Sequence
from statistics import median

from folio.documents.pdf.text_page import TextBox
from folio.text.spacing import is_wide
from folio.transform import Box

MIN_SPACED_LETTERS = 4
_MAX_LETTER_GAP = 1.2  # of the font's height: letters further apart are no word
_MIN_WORD_GAP = 1.6  # of the gaps between letters, that between words

_MIN_STACKED_SHARE = 0.5  # of the Chinese characters, that stand alone
_MAX_STACK_SAMPLE = 50  # characters whose neighbours are looked for
_SAME_COLUMN = 0.4  # of a character's width
_MAX_STACKED_WIDTH = 1.5  # of a character's, of figures that stand in a column
_MAX_STACK_GAP = 1.0  # of a character's height


def join_spaced_letters(line: Sequence[TextBox], lengthwise: Sequence[tuple[float, float, float]]) -> list[TextBox]:
    """Return the line with letters that are spaced out (`H E A D I N G`) joined to words.

    `lengthwise` are the words' beginnings and ends along the line, and their heights.
    """
    joined: list[TextBox] = []
    start = 0
    while start < len(line):
        end = start
        while end < len(line) and len(line[end].text) == 1 and line[end].text.isalpha() and not is_wide(line[end].text):
            end += 1
        if end - start >= MIN_SPACED_LETTERS:
            joined += _joined(line[start:end], lengthwise[start:end])
        else:
            joined += line[start : max(end, start + 1)]
        start = max(end, start + 1)
    return joined


def _joined(characters: Sequence[TextBox], lengthwise: Sequence[tuple[float, float, float]]) -> list[TextBox]:
    gaps = [after[0] - before[1] for before, after in itertools.pairwise(lengthwise)]
    usual, height = median(gaps), lengthwise[0][2]
    if (
        not 0 < usual <= _MAX_LETTER_GAP * height
        or not _are_words(characters)
        or any(abs(one[2] - height) > 0.1 * height for one in lengthwise)
    ):
        return list(characters)
    words = [[characters[0]]]
    for letter, gap in zip(characters[1:], gaps, strict=True):
        if gap > _MIN_WORD_GAP * usual:
            words.append([letter])
        else:
            words[-1].append(letter)
    return [merged(word) for word in words]


def _are_words(characters: Sequence[TextBox]) -> bool:
    """Return whether characters can be words: not `a b c d`, nor consonants alone."""
    text = "".join(character.text for character in characters).casefold()
    if not text.isascii():
        return True
    follows = all(ord(after) - ord(before) == 1 for before, after in itertools.pairwise(text))
    return not follows and any(vowel in text for vowel in "aeiouy")


def merged(words: Sequence[TextBox], text: str | None = None) -> TextBox:
    """Return one word of several."""
    return TextBox(text or "".join(word.text for word in words), around(words))


def around(words: Sequence[TextBox]) -> Box:
    """Return the upright box around words."""
    if len(words) == 1:
        return words[0].box
    lefts, tops, rights, bottoms = zip(*(word.box for word in words), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def stacked(words: Sequence[TextBox]) -> list[list[TextBox]]:
    """Return columns of Chinese characters that stand one below the other, where a page is written so, or nothing.

    A column has its characters from top to bottom, and what else stands between them.
    """
    single = [word for word in words if len(word.text) == 1 and is_wide(word.text)]
    wide = sum(not word.text.isascii() and sum(map(is_wide, word.text)) for word in words)
    if len(single) < MIN_SPACED_LETTERS or len(single) < _MIN_STACKED_SHARE * wide or not _are_stacked(single):
        return []
    width = median(word.box[2] - word.box[0] for word in single)
    columns: list[list[TextBox]] = []
    for word in sorted(single, key=lambda word: word.box[0] + word.box[2]):
        if columns and _middle(word) - _middle(columns[-1][0]) <= _SAME_COLUMN * width:
            columns[-1].append(word)
        else:
            columns.append([word])
    within = {id(word) for word in single}
    for word in words:
        if id(word) in within or word.box[2] - word.box[0] > _MAX_STACKED_WIDTH * width:
            continue
        column = next((one for one in columns if _is_in(word, one, width)), None)
        if column:
            column.append(word)
    return [part for column in columns for part in _parts(sorted(column, key=lambda word: word.box[1]))]


def _is_in(word: TextBox, column: Sequence[TextBox], width: float) -> bool:
    top, bottom = min(one.box[1] for one in column), max(one.box[3] for one in column)
    return abs(_middle(word) - _middle(column[0])) <= _SAME_COLUMN * width and top <= word.box[1] <= bottom


def _parts(column: list[TextBox]) -> list[list[TextBox]]:
    parts = [[column[0]]]
    for before, word in itertools.pairwise(column):
        if word.box[1] - before.box[3] > _MAX_STACK_GAP * min(_height(word), _height(before)):
            parts.append([word])
        else:
            parts[-1].append(word)
    return parts


def _are_stacked(single: Sequence[TextBox]) -> bool:
    """Return whether most characters have their next neighbour below, not beside them."""
    below, beside = 0, 0
    for word in single[:: 1 + len(single) // _MAX_STACK_SAMPLE]:
        left, top, right, bottom = word.box
        height, width = max(bottom - top, 0.01), max(right - left, 0.01)
        down = across = 2.0
        for other in single:
            x, y = other.box[0] - left, other.box[1] - top
            if abs(x) < _SAME_COLUMN * width and 0.3 * height < y:
                down = min(down, y / height)
            elif abs(y) < _SAME_COLUMN * height and 0.3 * width < x:
                across = min(across, x / width)
        below, beside = below + (down < across), beside + (across < down)
    return below > beside


def _middle(word: TextBox) -> float:
    return (word.box[0] + word.box[2]) / 2


def _height(word: TextBox) -> float:
    return word.box[3] - word.box[1]
