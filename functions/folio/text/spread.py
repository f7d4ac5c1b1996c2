"""The two pages of an open book that lie on one picture: told by their numbers, or by prose and tables beside the fold.

Their columns and tables end at the fold, whatever stands on one line beyond it.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from folio.text.spacing import is_wide as is_wide_character
from folio.transform import Box

_MIN_ASPECT = 1.1  # of the width of all text to its height
_EDGE = 0.12  # of that height, at both ends of which pages have their numbers
_SAME_LEVEL = 0.06  # of that height, between the two numbers
_NUMBER = r"[^\w]*(\d{1,3})[^\w]*"
_AT_START, _AT_END = re.compile(rf"{_NUMBER}(?:[\s.]\D*)?"), re.compile(rf"(?:\D*[\s.])?{_NUMBER}")
# Where the fold may be, of the width of all text, and how far it may lean; what may stand on it, of all boxes.
_FOLD_START, _FOLD_END = 0.4, 0.6
_LEANS = tuple(step / 100 for step in sorted(range(-10, 11), key=abs))
_MAX_ACROSS = 0.02
# Rows of a table that goes on across the middle, as a share of those with figures alone on the right as well, and of
# them, those that begin with a higher figure there than the one above.
_MIN_ROWS_ACROSS, _MIN_ACROSS, _MAX_RISES = 4, 0.6, 0.8
_MAX_DIGITS = 30  # of a figure; Python refuses to count beyond 4,300
# Where numbers do not tell: rows and cells of a table on one of the pages; the fold's width in heights of a line, and
# lines of prose on each page, by their width as a share of the page's, and by their letters.
_MIN_ROWS, _MIN_CELLS = 6, 3
_MIN_FOLD, _MIN_LINES, _MIN_FILL, _MIN_LETTERS = 1.2, 3, 0.75, 24


def pages_of_spread(boxes: Sequence[Box], texts: Sequence[str]) -> list[list[int]]:
    """Return the indices of the left page's boxes and those of the right one's; all as one if there are not two.

    `boxes` (left, top, right, bottom; any unit, y downwards) are upright, with their `texts`.
    """
    everything = list(range(len(boxes)))
    if not boxes:
        return [everything]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    page = min(lefts), min(tops), max(rights), max(bottoms)
    if page[2] - page[0] < _MIN_ASPECT * (page[3] - page[1]):
        return [everything]
    has_numbers = _has_two_numbers(boxes, texts, page)
    fold = _fold(boxes, page, _MAX_ACROSS if has_numbers else 0.0)
    if fold is None:
        return [everything]
    at, lean, width = fold
    is_right = [(box[0] + box[2]) / 2 > at + lean * (box[1] + box[3]) / 2 for box in boxes]
    pages = [[index for index in everything if is_right[index] is side] for side in (False, True)]
    if has_numbers:
        return pages
    is_wide = width >= _MIN_FOLD * median(box[3] - box[1] for box in boxes)
    are_prose = all(_has_prose([boxes[index] for index in one], [texts[index] for index in one]) for one in pages)
    has_table = any(
        _has_table([boxes[index] for index in one], [texts[index] for index in one]) for one in pages
    )  # prose alone is told as columns
    is_two = is_wide and are_prose and has_table and not _has_rows_across(boxes, texts, pages)
    return pages if is_two else [everything]


def _has_prose(boxes: Sequence[Box], texts: Sequence[str]) -> bool:
    """Return whether some lines of a page are prose as wide as the page."""
    if not boxes:
        return False
    width = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    wide = [text for box, text in zip(boxes, texts, strict=True) if box[2] - box[0] >= _MIN_FILL * width]
    return sum(_letters(text) >= _MIN_LETTERS for text in wide) >= _MIN_LINES


def _has_table(boxes: Sequence[Box], texts: Sequence[str]) -> bool:
    """Return whether there are rows of several cells; what was joined to a row has several figures."""
    rows: list[int] = []
    bottom = float("-inf")
    for (_, top, _, low), text in sorted(zip(boxes, texts, strict=True), key=lambda pair: pair[0][1] + pair[0][3]):
        cells = max(1, sum(map(_is_figure, text.split())))
        if (top + low) / 2 < bottom:
            rows[-1] += cells
        else:
            rows.append(cells)
            bottom = low
    return sum(cells >= _MIN_CELLS for cells in rows) >= _MIN_ROWS


def _is_figure(word: str) -> bool:
    return any(map(str.isdigit, word)) and not any(map(str.isalpha, word))


def _has_rows_across(boxes: Sequence[Box], texts: Sequence[str], pages: Sequence[Sequence[int]]) -> bool:
    """Return whether a table goes on across the middle: most rows of figures there go on with a label on the left.

    Figures that rise from row to row are labels themselves, as years are.
    """
    before, after = (
        [sorted((boxes[index], texts[index]) for index in level) for level in _levels(boxes, page)] for page in pages
    )
    labels = [row[0] for row in before if any(map(str.isalpha, row[0][1]))]
    figures = [row for row in after if not any(any(map(str.isalpha, text)) for _, text in row)]
    across = [row for row in figures if any(_are_level(row[0][0], box) for box, _ in labels)]
    rises = sum(one < two for one, two in pairwise(_first_figure(row[0][1]) for row in across))
    return len(across) >= max(_MIN_ROWS_ACROSS, _MIN_ACROSS * len(figures)) and rises < _MAX_RISES * len(across)


def _first_figure(text: str) -> int:
    """Return the digits of a text's first word; 0 if it has none."""
    return int("".join(filter(str.isdecimal, text.split(maxsplit=1)[0]))[:_MAX_DIGITS] or 0) if text.strip() else 0


def _levels(boxes: Sequence[Box], indexes: Sequence[int]) -> list[list[int]]:
    """Return the boxes that stand beside each other, from top to bottom."""
    levels: list[list[int]] = []
    for index in sorted(indexes, key=lambda index: boxes[index][1] + boxes[index][3]):
        if levels and _are_level(boxes[levels[-1][0]], boxes[index]):
            levels[-1].append(index)
        else:
            levels.append([index])
    return levels


def _letters(text: str) -> int:
    """Return a text's letters, of which a Chinese or Japanese character is worth two."""
    return sum(1 + is_wide_character(character) for character in text if character.isalpha())


def _has_two_numbers(boxes: Sequence[Box], texts: Sequence[str], page: Box) -> bool:
    """Return whether an even number stands outermost on the left page, and the next one on the right page."""
    middle, height = (page[0] + page[2]) / 2, page[3] - page[1]
    edges = page[1] + _EDGE * height, page[3] - _EDGE * height
    outer = [(box, text) for box, text in zip(boxes, texts, strict=True) if box[3] < edges[0] or box[1] > edges[1]]
    left = [(int(match[1]), box) for box, text in outer if box[2] < middle and (match := _AT_START.fullmatch(text))]
    right = [(int(match[1]), box) for box, text in outer if box[0] > middle and (match := _AT_END.fullmatch(text))]
    for number, one in left:
        for following, two in right:
            is_level = abs(one[1] + one[3] - two[1] - two[3]) / 2 <= _SAME_LEVEL * height
            if number % 2 == 0 and following == number + 1 and is_level and _are_outermost(one, two, outer):
                return True
    return False


def _are_outermost(one: Box, two: Box, outer: Sequence[tuple[Box, str]]) -> bool:
    """Return whether nothing stands beside a left page's number on its left, or beside a right one's on its right."""
    return not any(
        (box[0] < one[0] and _are_level(box, one)) or (box[2] > two[2] and _are_level(box, two)) for box, _ in outer
    )


def _are_level(one: Box, other: Box) -> bool:
    return one[1] < (other[1] + other[3]) / 2 < one[3]


def _fold(boxes: Sequence[Box], page: Box, across: float) -> tuple[float, float, float] | None:
    """Return where the fold crosses y = 0, how it leans, in x per y, and its width.

    It is the widest white space down the middle; `across` is the share of the boxes that may stand on it.
    """
    width, center = page[2] - page[0], (page[1] + page[3]) / 2
    best, fold = 0.0, None
    for lean in _LEANS:
        start, end = (page[0] + at * width - lean * center for at in (_FOLD_START, _FOLD_END))
        shifts = [lean * (box[1] + box[3]) / 2 for box in boxes]
        spans = [(box[0] - shift, box[2] - shift) for box, shift in zip(boxes, shifts, strict=True)]
        gap = _widest_gap(spans, start, end, across * len(boxes))
        if gap[1] - gap[0] > best:
            best, fold = gap[1] - gap[0], ((gap[0] + gap[1]) / 2, lean, gap[1] - gap[0])
    return fold


def _widest_gap(spans: Sequence[tuple[float, float]], start: float, end: float, limit: float) -> tuple[float, float]:
    """Return the widest stretch between `start` and `end` on which nowhere more than so many spans lie."""
    edges = sorted((at, change) for span in spans for at, change in zip(span, (1, -1), strict=True))
    lying, since = 0, float("-inf")
    widest = start, start
    for at, change in [*edges, (float("inf"), 1)]:
        if lying <= limit < lying + change or at == float("inf"):
            gap = max(since, start), min(at, end)
            if gap[1] - gap[0] > widest[1] - widest[0]:
                widest = gap
        elif lying + change <= limit < lying:
            since = at
        lying += change
    return widest
