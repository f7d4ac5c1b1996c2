"""How the columns of a page lean: in a photograph taken from aside, lines begin further and further to one side.

White space between columns is told by boxes that all end before it, so columns are set upright first: by a surface of
a low degree along which the edges of the page's columns, where one line begins below another, stay in one place.
"""

from collections.abc import Iterator, Sequence
from math import sumprod
from statistics import median

from msgspec import Struct

from folio.text.least_squares import robust_fit, root_mean_square
from folio.transform import Box, Point

_DEGREE_DOWN = 3  # of the surface; across the page it is of the second
_MIN_CHORDS = 20
# Lines from one that begins an edge's part to the one that ends it: in short parts ragged edges hide a small lean.
_CHAIN, _LONG_CHAIN = 5, 12
_RIDGE = 1e-5
# In heights of a line.
_MAX_DOWN = 4.0  # to the next line of an edge
_MAX_LEAN, _RAGGED = 0.25, 0.4  # of it, for each height down and at all: more is another column, or a paragraph's start
_MAX_LEFT = 0.3  # of an edge's part, that lies otherwise
_MIN_LEANING = 0.2  # by which boxes are moved (root mean square)
_MIN_GAIN = 0.8  # of how far parts of edges lean, that is left when columns are upright
_MIN_STRETCH = 0.4  # of widths, else columns would be laid over each other

type _Chord = tuple[Point, Point]


class Lean(Struct, frozen=True):
    """A surface over a page's upright frame: what stands in one column has one place across where it is upright."""

    center: Point
    scale: float
    factors: tuple[float, ...]

    def across(self, x: float, y: float) -> float:
        """Return where a point would be across on a page with upright columns."""
        terms = _terms((x - self.center[0]) / self.scale, (y - self.center[1]) / self.scale)
        return x + self.scale * sumprod(self.factors, terms)

    def box(self, box: Box) -> Box:
        """Return the box of a word or line on the page with upright columns."""
        left, top, right, bottom = box
        middle = (top + bottom) / 2
        return self.across(left, middle), top, self.across(right, middle), bottom


def find_lean(boxes: Sequence[Box]) -> Lean | None:
    """Return how the columns of a page lean, None if they are upright or nobody can tell.

    `boxes` are those of its lines, in a frame in which these are level.
    """
    if not boxes:
        return None
    height = median(bottom - top for _, top, _, bottom in boxes) or 1.0
    return _told_by(boxes, height, _CHAIN) or _told_by(boxes, height, _LONG_CHAIN)


def _told_by(boxes: Sequence[Box], height: float, chain: int) -> Lean | None:
    """Return the lean that parts of edges tell which are so many lines long."""
    chords = [chord for side in (0, 2) for chord in _chords(boxes, side, height, chain)]
    if len(chords) < _MIN_CHORDS:
        return None
    xs, ys = [x for box in boxes for x in (box[0], box[2])], [y for box in boxes for y in (box[1], box[3])]
    center = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    scale = max(max(xs) - min(xs), max(ys) - min(ys)) / 2
    lean = _fitted(chords, center, scale, height)
    before = _usual([end[0] - start[0] for start, end in chords])
    after = _usual([lean.across(*end) - lean.across(*start) for start, end in chords])
    upright = [lean.box(box) for box in boxes]
    shifts = [new[0] - old[0] for old, new in zip(boxes, upright, strict=True)]
    usual = median(shifts)
    if root_mean_square([shift - usual for shift in shifts]) < _MIN_LEANING * height or after > _MIN_GAIN * before:
        return None
    is_kept = all(new[2] - new[0] >= _MIN_STRETCH * (old[2] - old[0]) for old, new in zip(boxes, upright, strict=True))
    return lean if is_kept else None


def _chords(boxes: Sequence[Box], side: int, height: float, chain: int) -> Iterator[_Chord]:
    """Yield parts of the columns' left edges (side 0) or right ones (2), from top to bottom."""
    points = sorted(((box[1] + box[3]) / 2, box[side]) for box in boxes)
    following = [_next(points, index, height) for index in range(len(points))]
    for index, (y, x) in enumerate(points):
        end, length = index, 0
        while length < chain and (step := following[end]) is not None:
            end, length = step, length + 1
        if length == chain:
            yield (x, y), (points[end][1], points[end][0])


def _next(points: Sequence[Point], index: int, height: float) -> int | None:
    """Return the next line that begins below one; the nearest, by how far it is down and to a side."""
    y, x = points[index]
    best, nearest = None, float("inf")
    for other in range(index + 1, len(points)):
        down = points[other][0] - y
        if down > _MAX_DOWN * height:
            break
        aside = abs(points[other][1] - x)
        if down >= height / 2 and aside <= _RAGGED * height + _MAX_LEAN * down and down + aside < nearest:
            best, nearest = other, down + aside
    return best


def _usual(sides: Sequence[float]) -> float:
    """Return the root mean square of the smaller four fifths: what is no edge does not tell."""
    return root_mean_square(sorted(map(abs, sides))[: len(sides) * 4 // 5])


def _terms(u: float, v: float) -> list[float]:
    downs = v, v * v, v * v * v
    return [across * down for across in (1.0, u, u * u) for down in downs]


def _fitted(chords: Sequence[_Chord], center: Point, scale: float, height: float) -> Lean:
    def terms(point: Point) -> list[float]:
        return _terms((point[0] - center[0]) / scale, (point[1] - center[1]) / scale)

    rows = [[b - a for a, b in zip(terms(start), terms(end), strict=True)] for start, end in chords]
    sides = [(start[0] - end[0]) / scale for start, end in chords]
    ridges = [
        _RIDGE * (1 + index % _DEGREE_DOWN) ** 2 * (1 + index // _DEGREE_DOWN) ** 4 for index in range(len(rows[0]))
    ]
    return Lean(center, scale, tuple(robust_fit(rows, sides, ridges, _MAX_LEFT * height / scale)))
