"""Lines that were found across a narrow gutter, divided there: the detector joins what stands close.

A line is divided in a wide gap of its words where lines above and below it end and others begin. What is one row in
spite of that is joined again when the page is put in order.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from folio.models import Line, weighted_mean
from folio.text.spacing import join
from folio.transform import Box, bounds, box

# In heights of a line, the median of the page's.
_MIN_GAP = 0.6  # as wide as a gutter is to be
_MIN_RATIO = 2.0  # of a gap to the line's usual one: a heading's words are far from each other all along
_REACH = 6.0  # above and below a line, of those that tell whether there is a gutter
_RAGGED = 1.5  # by which lines of a column begin or end apart from its edge
_MIN_LINES = 2  # that end at a gutter, and that begin there; for each one that goes on across it so many more

type _Gap = tuple[float, float]


def divided(lines: Sequence[Line], boxes: Sequence[Sequence[Box]]) -> Iterator[Line]:
    """Yield the lines, or their parts; `boxes` are those of each line's words, upright as the page lies straight."""
    around = [bounds(*(box(*word) for word in words)) for words in boxes]
    height = median([bottom - top for _, top, _, bottom in around] or [0.0])
    gaps = [[*_gaps(words, _MIN_GAP * height)] for words in boxes]
    for index, (line, line_box) in enumerate(zip(lines, around, strict=True)):
        near = [number for number, other in enumerate(around) if number != index and _is_near(line_box, other, height)]
        others = [(around[number], [gap for _, gap in gaps[number]]) for number in (near if gaps[index] else ())]
        cuts = [0, *(start for start, gap in gaps[index] if _is_gutter(gap, others, height)), len(line.words)]
        yield from [line] if len(cuts) == 2 else (_part(line, start, end) for start, end in pairwise(cuts))


def _gaps(words: Sequence[Box], least: float) -> Iterator[tuple[int, _Gap]]:
    """Yield the wide gaps between words, each with the index of the word after it."""
    gaps = [(before[2], after[0]) for before, after in pairwise(words)]
    usual = median([end - start for start, end in gaps] or [0.0])
    for index, (start, end) in enumerate(gaps, 1):
        if end - start >= max(least, _MIN_RATIO * usual):
            yield index, (start, end)


def _is_near(box: Box, other: Box, height: float) -> bool:
    return other[1] <= box[3] + _REACH * height and other[3] >= box[1] - _REACH * height


def _is_gutter(gap: _Gap, others: Sequence[tuple[Box, Sequence[_Gap]]], height: float) -> bool:
    """Return whether lines end and begin at a gap, and fewer go on across it that have no gap there."""
    start, end = gap
    ragged = _RAGGED * height
    ending = beginning = across = 0
    for (left, _, right, _), gaps in others:
        ending += start - ragged <= right < end
        beginning += start < left <= end + ragged
        has_gap = any(first < end and last > start for first, last in gaps)
        across += left < start - ragged and right > end + ragged and not has_gap
    return min(ending, beginning) >= max(_MIN_LINES, _MIN_LINES * across)


def _part(line: Line, start: int, end: int) -> Line:
    """Return some words of a line as one; its polygon is from the first to the last of them."""
    words = line.words[start:end]
    first, last = words[0].polygon, words[-1].polygon
    confidence = weighted_mean((word.confidence, len(word.text)) for word in words)
    return Line(join(words), confidence, (first[0], last[1], last[2], first[3]), words)
