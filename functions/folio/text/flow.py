"""Text that goes on beside a box: what stands below several columns is read after the column in which these go on.

A box or a picture with its caption stands at the foot of two columns, the third one beside it is longer. The sentence
at the end of the second column is not at its end, so it goes on there.
"""

from collections.abc import Sequence

from folio.text.columns import Row

_SAME_WIDTH = 0.15  # of a column's width, by which the one differs in which it goes on
_MIN_WORDS = 3.0  # of the line at whose end a sentence goes on
_MIN_LAP = 0.3  # of a column's width, by which a box begins before the last column above it

type Column = list[Row]


def in_flow(parts: Sequence[list[Column]], height: float) -> list[Column]:
    """Return the columns of parts of a page that stand side by side, in reading order; `height` is a line's."""
    columns: list[Column] = []
    boxes: list[Column] = []
    for index, part in enumerate(parts):
        start = _box_start(part, parts[index + 1], height) if index + 1 < len(parts) else len(part)
        columns += part[:start]
        boxes += part[start:]
    return columns + boxes


def _box_start(part: Sequence[Column], following: Sequence[Column], height: float) -> int:
    """Return which of a part's columns is the first one of a box, below others whose text goes on in what follows."""
    widths = [end - start for start, end in map(_span, following)]
    for index in range(2, len(part)):
        column, rest = part[index - 1], part[index:]
        left, right = _span(column)
        last = column[-1][-1]
        is_open = last.is_open and last.words >= _MIN_WORDS and right - last.right <= height
        is_wide = any(start < left - _MIN_LAP * (right - left) and end > left for start, end in map(_span, rest))
        bottom = max(item.bottom for item in column[-1])
        is_below = all(item.top >= bottom for other in rest for item in other[0])
        if is_open and is_wide and is_below and any(_is_as_wide(width, right - left) for width in widths):
            return index
    return len(part)


def _is_as_wide(width: float, other: float) -> bool:
    return abs(width - other) <= _SAME_WIDTH * other


def _span(column: Column) -> tuple[float, float]:
    return min(item.left for row in column for item in row), max(item.right for row in column for item in row)
