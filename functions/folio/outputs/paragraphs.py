"""Grouping the lines of a page into paragraphs, by where they stand and how tall they are."""

import math
from collections.abc import Sequence

from folio.models import Line
from folio.outputs.base import is_written_down
from folio.transform import Box

# A line begins a paragraph if the gap above it is wider than this, in heights of the two lines' smaller one,
_MAX_GAP = 0.9
_MAX_INDENT = 1.2  # or if it is indented by more than this, in line heights,
_MAX_HEIGHT_RATIO = 1.25  # or if one of the two is taller than the other by more than this.
_STOPS = (".", "!", "?", ":", "。", "！", "？", "：")
_MIN_FULL_SHARE = 0.85  # of the paragraph's width: a line that ends before it, with a full stop, is the last


def height(line: Line) -> float:
    """Return the height of a line across the direction of the writing, in pixels."""
    p, q, _, s = line.polygon
    return math.dist(p, q if is_written_down(line) else s)


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Group the lines in their order by paragraph."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _as_written(line: Line, down: bool) -> Box:
    """Return a line's box; a column's, since columns go from right to left, turned as if it were a line."""
    left, top, right, bottom = line.bounds
    return (top, -right, bottom, -left) if down else (left, top, right, bottom)


def _goes_on(paragraph: list[Line], line: Line) -> bool:
    before = paragraph[-1]
    down = is_written_down(before)
    if down != is_written_down(line):
        return False
    left, top, right, bottom = _as_written(before, down)
    next_left, next_top, next_right, _ = _as_written(line, down)
    one, other = height(before), height(line)
    size = max(min(one, other), 1.0)
    if max(one, other) > _MAX_HEIGHT_RATIO * size or next_top - bottom > _MAX_GAP * size or next_top <= top:
        return False
    if next_left > right or next_right < left:  # the next column
        return False
    first_left = min(_as_written(other, down)[0] for other in paragraph)
    edge = max(_as_written(other, down)[2] for other in [*paragraph, line])
    if right - first_left < _MIN_FULL_SHARE * (edge - first_left) and before.text.endswith(_STOPS):
        return False
    return next_left - first_left <= _MAX_INDENT * size
