"""Lines that creases broke: on a crumpled sheet, pieces whose ends meet are one line, however they rise and fall.

A smooth surface lays curled sheets flat, but no crumpled ones: there the pieces of a line lie two thirds of a line
apart, so that those of the next line come between them. Where ends meet is told without a level.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from msgspec import Struct

from folio.models import Line, weighted_mean
from folio.text.spacing import join
from folio.transform import Box, Polygon, Transform, bounds

# In heights of the lower of two pieces.
_MAX_GAP, _MAX_WIDE_GAP = 0.6, 3.0  # between their ends; where lines above or below go on across it
_MAX_STEP = 0.5  # between their middles where they meet
_MAX_RATIO = 1.5  # of their heights
_REACH, _MIN_ACROSS = 6.0, 2  # above and below a gap, of those lines; how many
_MIN_ASPECT = 1.0  # of a piece's length to its height: else nobody can tell how it rises
_MIN_KINK, _MIN_KINKS = 0.1, 5  # between the slopes of two pieces; so many tell that a page is crumpled


class _Segment(Struct, frozen=True):
    """A piece from the middle of its left side to that of its right one."""

    left: float
    start: float
    right: float
    end: float
    height: float

    @classmethod
    def of(cls, polygon: Polygon) -> "_Segment":
        p, q, r, s = polygon
        height = (math.dist(p, s) + math.dist(q, r)) / 2
        return cls((p[0] + s[0]) / 2, (p[1] + s[1]) / 2, (q[0] + r[0]) / 2, (q[1] + r[1]) / 2, height)

    @property
    def is_long(self) -> bool:
        return self.right - self.left >= max(_MIN_ASPECT * self.height, 1.0)

    @property
    def slope(self) -> float:
        return (self.end - self.start) / (self.right - self.left)


def joined(lines: Sequence[Line], turn: Transform) -> list[Line]:
    """Return the lines of a page, on a crumpled one pieces of a line as one.

    `turn` leads to the frame in which the page's text is upright.
    """
    polygons = [turn.polygon(line.polygon) for line in lines]
    segments = [_Segment.of(polygon) for polygon in polygons]
    following = _following(segments, [bounds(polygon) for polygon in polygons])
    kinks = sum(abs(segments[one].slope - segments[other].slope) >= _MIN_KINK for one, other in following.items())
    if kinks < _MIN_KINKS:
        return [*lines]
    result: list[Line] = []
    for start in sorted(set(range(len(lines))) - set(following.values())):
        chain = [start]
        while chain[-1] in following:
            chain.append(following[chain[-1]])
        result.append(_whole([lines[index] for index in chain]))
    return result


def _following(segments: Sequence[_Segment], boxes: Sequence[Box]) -> dict[int, int]:
    """Return by piece the one that goes on with its line: each the nearest of the other."""
    after: dict[int, tuple[float, int]] = {}
    before: dict[int, tuple[float, int]] = {}
    long = sorted(
        (index for index, segment in enumerate(segments) if segment.is_long), key=lambda at: segments[at].left
    )
    lefts = [segments[index].left for index in long]
    for one in long:
        right, height = segments[one].right, segments[one].height
        first = bisect_left(lefts, right - _MAX_GAP * height)
        for other in long[first : bisect_right(lefts, right + _MAX_WIDE_GAP * height)]:
            step = _step(segments[one], segments[other]) if other != one else None
            if step is not None:
                after[one] = min(after.get(one, (step, other)), (step, other))
                before[other] = min(before.get(other, (step, one)), (step, one))
    both = {one: other for one, (_, other) in after.items() if before[other][1] == one}
    return {one: other for one, other in both.items() if _is_closed(segments[one], segments[other], boxes)}


def _step(one: _Segment, other: _Segment) -> float | None:
    """Return how far the end of one piece is from where another begins, if they may be of one line."""
    least = min(one.height, other.height)
    gap = other.left - one.right
    if max(one.height, other.height) > _MAX_RATIO * least or not -_MAX_GAP * least <= gap <= _MAX_WIDE_GAP * least:
        return None
    step = abs(other.start - one.end - gap * (one.slope + other.slope) / 2)
    return step if step <= _MAX_STEP * least else None


def _is_closed(one: _Segment, other: _Segment, boxes: Sequence[Box]) -> bool:
    """Return whether there is no gutter between two pieces: it is narrow, or lines near go on across it."""
    least, middle = min(one.height, other.height), (one.end + other.start) / 2
    if other.left - one.right <= _MAX_GAP * least:
        return True
    across = (
        left < one.right - least and right > other.left + least and abs((top + bottom) / 2 - middle) < _REACH * least
        for left, top, right, bottom in boxes
    )
    return sum(across) >= _MIN_ACROSS


def _whole(segments: Sequence[Line]) -> Line:
    """Return the pieces of a line as one; its polygon is from the first to the last of them."""
    if len(segments) == 1:
        return segments[0]
    words = tuple(word for segment in segments for word in segment.words)
    first, last = segments[0].polygon, segments[-1].polygon
    confidence = weighted_mean((segment.confidence, len(segment.text)) for segment in segments)
    return Line(join(words), confidence, (first[0], last[1], last[2], first[3]), words)
