"""How a page's lines of text rise and fall, as on a curled, folded or askew sheet, and where they would lie flat.

What is read on such a page has its words where they are on the picture. Rows, columns and tables are told by boxes that
share a level, so these are laid flat before: by a surface of a low degree along which the page's lines stay level.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sumprod
from statistics import median

from msgspec import Struct

from folio.text.least_squares import robust_fit, root_mean_square
from folio.transform import Box, Point, Polygon, bounds

_DEGREE_DOWN = 2  # of the surface; across the page it is of the fourth
_MIN_CHORDS = 12  # lines or parts of them that tell how a page lies
MIN_ASPECT = 4.0  # of a line's or a part's length to its height, that tells
_MAX_GAP = 1.5  # between words of one line, in their heights
_PARTS = 4  # of a line, each of which tells
# Root mean squares in heights of the text: how much parts of lines rise or fall, else the page is flat; the same on a
# page laid flat, else nobody can tell; how far words are moved then. Flat scans have 0.1, 0.1 and 0.1.
_MIN_RISE, _MAX_LEFT, _MIN_BENT = 0.1, 0.3, 0.15
_MAX_STRETCH = 3.0  # of a word's height
# The price of a surface that is not flat; and a lower one, at which a sheet bent much leaves less than so much of its
# lines' rises. What is crumpled leaves as much, and is not told by it.
_RIDGE, _FREE_RIDGE, _MAX_FREE_REST = 1e-6, 1e-8, 0.6
_STEPS = 6  # of finding a level's height on the page

type _Chord = tuple[Point, Point]
type _Line = Sequence[tuple[Point, Point, float]]  # of words or one line: the middles of its sides, and its height


class Bend(Struct, frozen=True):
    """A surface over a page's upright frame: `level` is constant along its lines of text, and 0 where they are flat."""

    center: Point
    scale: float
    factors: tuple[float, ...]

    def level(self, x: float, y: float) -> float:
        """Return the height at which a point's line would lie on a flat page."""
        terms = _terms((x - self.center[0]) / self.scale, (y - self.center[1]) / self.scale)
        return y + self.scale * sumprod(self.factors, terms)

    def box(self, polygon: Polygon) -> Box:
        """Return the upright box of a word or line on the flat page."""
        left, right, height = _middles(polygon)
        x, y = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
        middle = (self.level(*left) + self.level(*right)) / 2
        high = self.level(x, y + height / 2) - self.level(x, y - height / 2)
        return left[0], middle - high / 2, right[0], middle + high / 2

    def polygon(self, box: Box) -> Polygon:
        """Return what an upright box on the flat page is on the page."""
        left, top, right, bottom = box
        return (
            (left, self.height(left, top)),
            (right, self.height(right, top)),
            (right, self.height(right, bottom)),
            (left, self.height(left, bottom)),
        )

    def height(self, x: float, level: float) -> float:
        """Return where the line of a level is at `x`."""
        y = level
        for _ in range(_STEPS):
            y += level - self.level(x, y)
        return y


def find_bend(lines: Sequence[Sequence[Polygon]], min_aspect: float = MIN_ASPECT) -> Bend | None:
    """Return how a page is bent, None if it is flat or nobody can tell.

    `lines` are the polygons of each line's words, or its own, in a frame in which the text is upright; what is shorter
    than `min_aspect` heights does not tell.
    """
    middles = [[_middles(polygon) for polygon in line] for line in lines]
    heights = [height for line in middles for _, _, height in line]
    if not heights:
        return None
    height = median(heights) or 1.0
    around = bounds(*(polygon for line in lines for polygon in line))
    chords = [chord for line in middles for chord in _chords(line, min_aspect)]
    if _is_flat(chords, height):
        return None
    bend = _laying_flat(chords, around, height)
    if bend is None:  # rows may have been joined askew
        cells = [cell for line in middles for cell in _cells(line)]
        bend = _laying_flat([chord for cell in cells for chord in _chords(cell, min_aspect)], around, height)
    if bend is None:
        return None
    if any(not _is_kept(bend, *word) for line in middles for word in line):
        return None
    shifts = [bend.level(*end) - end[1] for line in middles for _, end, _ in line]
    usual = median(shifts)
    return bend if root_mean_square([shift - usual for shift in shifts]) >= _MIN_BENT * height else None


def _is_flat(chords: Sequence[_Chord], height: float) -> bool:
    """Return whether lines are level on the page, or too few tell."""
    rises = [abs(end[1] - start[1]) for start, end in chords]
    return len(chords) < _MIN_CHORDS or _usual(rises) < _MIN_RISE * height


def _laying_flat(chords: Sequence[_Chord], around: Box, height: float) -> Bend | None:
    """Return the surface on which lines are level, None if there is none, or if they are level on the page."""
    if _is_flat(chords, height):
        return None
    left, top, right, bottom = around
    center, scale = ((left + right) / 2, (top + bottom) / 2), max(right - left, bottom - top) / 2
    bend = _fitted(chords, center, scale, height, _RIDGE)
    rest = _rest(bend, chords)
    if _MIN_BENT * height <= rest <= _MAX_LEFT * height:
        free = _fitted(chords, center, scale, height, _FREE_RIDGE)
        if (less := _rest(free, chords)) <= _MAX_FREE_REST * rest:
            bend, rest = free, less
    return bend if rest <= _MAX_LEFT * height else None


def _rest(bend: Bend, chords: Sequence[_Chord]) -> float:
    """Return how much lines rise or fall still on the page that was laid flat."""
    return _usual([abs(bend.level(*end) - bend.level(*start)) for start, end in chords])


def _cells(line: _Line) -> list[_Line]:
    """Return a line's parts between wide gaps: the cells of a row."""
    cuts = [index for index, (one, two) in enumerate(pairwise(line), 1) if two[0][0] - one[1][0] > _MAX_GAP * one[2]]
    return [line[start:end] for start, end in pairwise([0, *cuts, len(line)])]


def _is_kept(bend: Bend, left: Point, right: Point, height: float) -> bool:
    """Return whether a word is about as high on the flat page: else lines would be laid over each other."""
    sides = (bend.level(x, y + height / 2) - bend.level(x, y - height / 2) for x, y in (left, right))
    return all(height / _MAX_STRETCH <= high <= height * _MAX_STRETCH for high in sides)


def _usual(rises: Sequence[float]) -> float:
    """Return the root mean square of the smaller nine tenths: what lies otherwise than the page does not tell."""
    return root_mean_square(sorted(rises)[: len(rises) * 9 // 10])


def _middles(polygon: Polygon) -> tuple[Point, Point, float]:
    """Return the middles of a word's or line's left and right side, and its height."""
    (a, b), (c, d), (e, f), (g, h) = sorted(polygon)
    top, bottom = min(b, d, f, h), max(b, d, f, h)
    if g - a < bottom - top:  # nobody can tell its sides
        return (a, (top + bottom) / 2), (g, (top + bottom) / 2), bottom - top
    return ((a + c) / 2, (b + d) / 2), ((e + g) / 2, (f + h) / 2), (abs(d - b) + abs(h - f)) / 2


def _chords(line: _Line, min_aspect: float) -> Iterator[_Chord]:
    """Yield a line's parts that are long enough to tell how it rises or falls: from where to where."""
    first = line[0][0]
    last = line[-1][1]
    height = median(height for _, _, height in line)
    length = last[0] - first[0]
    if length < min_aspect * height:
        return
    points = [first, *(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2) for start, end, _ in line[1:-1]), last]
    ends = [first]
    for point in points[1:-1]:
        step = max(length / _PARTS, min_aspect * height)
        if point[0] - ends[-1][0] >= step and last[0] - point[0] >= step:
            ends.append(point)
    yield from pairwise([*ends, last])


def _terms(u: float, v: float) -> list[float]:
    squared, downs = u * u, (1.0, v, v * v)
    return [across * down for across in (u, squared, squared * u, squared * squared) for down in downs]


def _fitted(chords: Sequence[_Chord], center: Point, scale: float, height: float, ridge: float) -> Bend:
    def terms(point: Point) -> list[float]:
        return _terms((point[0] - center[0]) / scale, (point[1] - center[1]) / scale)

    rows = [[b - a for a, b in zip(terms(start), terms(end), strict=True)] for start, end in chords]
    rises = [(start[1] - end[1]) / scale for start, end in chords]
    ridges = [ridge * (1 + index // (_DEGREE_DOWN + 1)) ** 4 for index in range(len(rows[0]))]
    return Bend(center, scale, tuple(robust_fit(rows, rises, ridges, _MAX_LEFT * height / scale)))
