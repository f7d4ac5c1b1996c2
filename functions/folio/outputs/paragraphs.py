"""Lines of a page to paragraphs, and which of them are headings: by where they stand and how tall they are."""

import math
from collections.abc import Sequence
from statistics import median

from folio.models import Line
from folio.outputs.base import is_written_down
from folio.transform import Box

# A line begins a paragraph if the gap above it is wider than this, in heights of the two lines' smaller one.
_GAP = 0.9
_INDENT = 1.2  # or if it is set in by this much, in line heights
_TALLER = 1.25  # or if one of the two is taller than the other by this much
_STOPS = tuple(".!?:。！？：")
_ENDS = 0.85  # a line that ends before this share of the paragraph's width, with a full stop, is its last


def height(line: Line) -> float:
    """Across the direction of the writing, in pixels."""
    p, q, _, s = line.polygon
    return math.dist(p, q if is_written_down(line) else s)


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in their order, those together that follow each other in one paragraph."""
    found: list[list[Line]] = []
    for line in lines:
        if found and _goes_on(found[-1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _as_written(line: Line, down: bool) -> Box:
    """Its box; of columns, which go from right to left, as it would be were they lines."""
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
    if max(one, other) > _TALLER * size or next_top - bottom > _GAP * size or next_top <= top:
        return False
    if next_left > right or next_right < left:  # the next column
        return False
    first_left = min(_as_written(part, down)[0] for part in paragraph)
    edge = max(_as_written(part, down)[2] for part in [*paragraph, line])
    if right - first_left < _ENDS * (edge - first_left) and before.text.endswith(
        (".", "!", "?", ":", "。", "！", "？", "：")
    ):
        return False
    return next_left - first_left <= _INDENT * size


def body_height(lines: Sequence[Line]) -> float:
    """The height of most of the text: the median over the letters; 0 if there are none."""
    heights = [height(line) for line in lines for _ in line.text]
    return median(heights) if heights else 0.0
