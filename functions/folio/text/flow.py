"""Text that goes on beside a box: what stands below several columns is read after the column in which these go on.

A box or a picture with its caption stands at the foot of two columns, the third one beside it is longer. The sentence
at the end of the second column is not at its end, so it goes on there. The same where a picture's caption stands at
the head of the next column: the text below it goes on first.
"""

from collections.abc import Sequence
from itertools import pairwise

from folio.text.columns import Row

_SAME_WIDTH = 0.15  # of a column's width, by which the one differs in which it goes on
_MIN_WORDS = 3.0  # of the line at whose end a sentence goes on
_MIN_BOX_GAP = 0.9  # heights of white space above a box: what has less is of the text, found across its columns
_MIN_LAP = 0.3  # of a column's width, by which a box begins before the last column above it

_MIN_CAPTION_GAP = 1.2  # heights of white space below a caption at the head of a column
_NEAR = 8  # rows of the column before, as wide as which the text is that goes on
_MIN_LINES = 2  # of the text below it
_MAX_CAPTION_LINES = 7  # of one that ends within a sentence

type Column = list[Row]


def in_flow(parts: Sequence[list[Column]], height: float) -> list[Column]:
    """Return the columns of parts of a page that stand side by side, in reading order; `height` is a line's."""
    columns: list[Column] = []
    boxes: list[Column] = []
    for index, part in enumerate(parts):
        start = _box_start(part, parts[index + 1], height) if index + 1 < len(parts) else len(part)
        columns += _after_caption(columns[-1], part[:start], height) if columns and start else part[:start]
        boxes += part[start:]
    return columns + boxes


def _box_start(part: Sequence[Column], following: Sequence[Column], height: float) -> int:
    """Return which of a part's columns is the first one of a box, below others whose text goes on in what follows."""
    widths = [end - start for start, end in map(_span, following)]
    for index in range(2, len(part)):
        column, rest = part[index - 1], part[index:]
        left, right = _span(column)
        is_open = _is_open(column, height)
        start, end = _span(rest[0])
        is_wide = start < left - _MIN_LAP * (right - left) and end > left
        bottom = max(item.bottom for item in column[-1]) + _MIN_BOX_GAP * height
        is_below = all(item.top >= bottom for other in rest for item in other[0])
        if is_open and is_wide and is_below and any(_is_as_wide(width, right - left) for width in widths):
            return index
    return len(part)


def _is_open(column: Column, height: float, least: float = _MIN_WORDS) -> bool:
    """Return whether a column's last line is full and ends within a sentence; with `least` words."""
    last = column[-1][-1]
    return last.is_open and last.words >= least and _span(column)[1] - last.right <= height


def _after_caption(before: Column, part: Sequence[Column], height: float) -> list[Column]:
    """Return a part's columns, the text first in which that of the column before goes on, then what stands above it."""
    if not _is_open(before, height):
        return [*part]
    left, right = _span(before[-_NEAR:])
    for index, column in enumerate(part):
        starts = [0, *_apart(column, height), len(column)]
        for start, end in pairwise(starts):
            lines = column[start:end]
            if len(lines) >= _MIN_LINES and _is_as_wide(_span(lines)[1] - _span(lines)[0], right - left):
                head = [*part[:index], column[:start]] if start else [*part[:index]]
                top = min(item.top for item in lines[0])
                is_above = all(item.bottom <= top for other in head for row in other for item in row)
                is_above = is_above and not any(_goes_on(one, height) for one in head[-1:])
                return [column[start:], *head, *part[index + 1 :]] if is_above else [*part]
    return [*part]


def _goes_on(head: Column, height: float) -> bool:
    """Return whether what stands above a column is text beside a picture, no caption: that is short, or at its end."""
    return len(head) > _MAX_CAPTION_LINES and _is_open(head, height, 0.0)


def _apart(column: Column, height: float) -> list[int]:
    """Return which rows of a column have white space above them, as text below a caption has."""
    bottoms = [max(item.bottom for item in row) for row in column]
    tops = [min(item.top for item in row) for row in column]
    gaps = [top - bottom for bottom, top in zip(bottoms, tops[1:], strict=False)]
    return [index for index, gap in enumerate(gaps, 1) if gap >= _MIN_CAPTION_GAP * height]


def _is_as_wide(width: float, other: float) -> bool:
    return abs(width - other) <= _SAME_WIDTH * other


def _span(column: Column) -> tuple[float, float]:
    return min(item.left for row in column for item in row), max(item.right for row in column for item in row)
