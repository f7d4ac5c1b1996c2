"""The words of a page as PDF operators, each in its box, in any direction (ISO 32000-1, 9.4)."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from folio.models import Line, Page, Word
from folio.outputs.base import is_written_down, spaced
from folio.outputs.pdf.invisible_fonts import Fonts, advance, is_latin
from folio.text.spacing import is_wide
from folio.transform import Point, Polygon

type Place = Callable[[Point], Point]  # from a page's pixels to the PDF page's own units

_LETTERS = 0.7  # the usual height of a word's box, in font sizes
_SMALLEST = 0.05  # font size in the page's units; no reader can make sense of what is smaller
# By which a word may miss its box's ends, in font sizes (gaps from 0.1 on are spaces to viewers), in the page's units,
# and in parts of the space beside it (a narrow one must stay one).
_SLACK, _MOST_SLACK, _SPACE_SLACK, _LEAST_SLACK = 0.045, 0.45, 0.15, 0.005
_HIGH, _LOW, _LEAST = 0.05, 0.35, 0.2  # where the fonts' boxes can be, in font sizes from the base line
_STEPS = ((1000, 100), (50,), (20, 5))  # what they are multiples of, from the roundest


class _Box(Struct, frozen=True):
    """A word in the frame of its line: from left to right along it, from bottom to top across."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    space: bool = False  # after it


def draw_text(page: Page, place: Place, fonts: Fonts) -> tuple[bytes, list[str]]:
    """A content stream for the words of a page, and the names of the fonts in it; empty if there are no words."""
    shown = _Operators()
    for line in page.lines:
        if line.text.strip():
            _draw_line(line, place, fonts, shown)
    if not shown.names:
        return b"", []
    # The state it finds and leaves is the page's first: it goes before everything else that the page draws.
    return b"q BT 3 Tr%s\nET Q\n" % shown.operators, sorted(shown.names)


def _draw_line(line: Line, place: Place, fonts: Fonts, shown: "_Operators") -> None:
    words = [(word, space) for word, space in spaced(line) if word.text.strip()]
    polygons = [_placed(word.polygon, place, is_written_down(line)) for word, _ in words]
    along = _direction(polygons)
    origin = polygons[0][3]
    boxes = [_box(word, space, polygon, origin, along) for (word, space), polygon in zip(words, polygons, strict=True)]
    boxes = _in_one_row(boxes)
    # Letters below the base line are the smaller part of a text, but not of every line.
    base = sorted(box.bottom for box in boxes)[len(boxes) * 7 // 10]
    size = float(f"{max(median(box.top - box.bottom for box in boxes) / _LETTERS, _SMALLEST):.3g}")
    cos, sin = along
    shown.begin(along, (origin[0] - base * sin, origin[1] + base * cos), size)
    _draw_words(list(_glued(boxes)), base, size, fonts, shown)
    shown.flush()


def _placed(polygon: Polygon, place: Place, down: bool) -> Polygon:
    """A polygon on the PDF page, from the top left corner in the direction of the writing."""
    p, q, r, s = (place(point) for point in polygon)
    return (q, r, s, p) if down else (p, q, r, s)


def _direction(polygons: Sequence[Polygon]) -> Point:
    """Of the writing, as a unit vector: the mean over the words, the longer the more."""
    x = sum(q[0] - p[0] + r[0] - s[0] for p, q, r, s in polygons)
    y = sum(q[1] - p[1] + r[1] - s[1] for p, q, r, s in polygons)
    length = math.hypot(x, y)
    return (x / length, y / length) if length > 0 else (1.0, 0.0)


def _box(word: Word, space: bool, polygon: Polygon, origin: Point, along: Point) -> _Box:
    cos, sin = along
    across = [(x - origin[0]) * cos + (y - origin[1]) * sin for x, y in polygon]
    up = [(y - origin[1]) * cos - (x - origin[0]) * sin for x, y in polygon]
    text = " ".join(word.text.split())
    return _Box(
        text, (across[0] + across[3]) / 2, (across[1] + across[2]) / 2, (up[2] + up[3]) / 2, (up[0] + up[1]) / 2, space
    )


def _glued(boxes: Sequence[_Box]) -> Iterator[_Box]:
    """Words without a space between them reach to the next: a reader takes a gap for a space."""
    for box, after in pairwise(boxes):
        reaches = not box.space and after.left > box.left
        yield replace(box, right=after.left) if reaches else box
    yield boxes[-1]


def _in_one_row(boxes: Sequence[_Box]) -> list[_Box]:
    """Chinese is set in squares: what is low or high is the ink in them. Words that touch are one to a reader."""
    wide = [box for box in boxes if any(is_wide(letter) for letter in box.text)]
    if not wide:
        return list(boxes)
    bottom, top = median(box.bottom for box in wide), median(box.top for box in wide)
    return [replace(box, bottom=bottom, top=max(top, bottom + _SMALLEST)) if box in wide else box for box in boxes]


class _Operators:
    """The text operators of a page, which say only what changes from word to word: font, rise and stretch.

    Sizes are in the lines' matrices: all else is in font sizes, and so alike in every line.
    """

    def __init__(self) -> None:
        self.operators = bytearray()
        self.names: set[str] = set()
        self.percent = 100  # the stretch in force
        self._state: dict[bytes, bytes] = {b"Ts": b"0", b"Tz": b"100"}
        self._strings = bytearray()

    def begin(self, along: Point, start: Point, size: float) -> None:
        """A line, in a direction."""
        cos, sin = along
        turn = b" ".join(_number(value * size, 4) for value in (cos, sin, -sin, cos))
        digits = max(round(2 - math.log10(size)), 0)
        self.operators += b"\n%s %s %s Tm" % (turn, *(_number(value, digits) for value in start))

    def set(self, operator: bytes, operands: bytes) -> None:
        if self._state.get(operator) != operands:
            self.flush()
            self._state[operator] = operands
            self.operators += b" %s %s" % (operands, operator)

    def stretch(self, percent: int) -> None:
        self.percent = percent
        self.set(b"Tz", b"%d" % percent)

    def show(self, step: int, string: bytes) -> None:
        """A string after a step to the left, in thousandths of the stretched size."""
        self._strings += (b"%d" % step if step else b"") + string

    def flush(self) -> None:
        if self._strings:
            self.operators += b" [%s]TJ" % self._strings
            self._strings.clear()


def _draw_words(boxes: Sequence[_Box], base: float, size: float, fonts: Fonts, shown: _Operators) -> None:
    latin = all(is_latin(box.text) for box in boxes)
    x = 0.0
    for box, slack in zip(boxes, _slacks(boxes, size), strict=True):
        # Too high for the fonts, such as a dash, or too low: the base line is brought there.
        usually = box.top > base + _LEAST * size and -_LOW * size < box.bottom - base < _HIGH * size
        lift = 0.0 if usually else box.bottom - base
        low = base + lift
        name = fonts.name((box.top - low) / size + slack, latin)
        shown.names.add(name)
        shown.set(b"Tf", b"/%s 1" % name.encode())
        shown.set(b"Ts", _number(lift / size))
        left, right = (box.left - x) / size, (box.right - x) / size
        percent, step = _fit(left, right, advance(box.text, latin), shown.percent, slack)
        shown.stretch(percent)
        text = box.text + " " * box.space
        shown.show(-step, fonts.encode(text, latin))
        x += (advance(text, latin) + step / 1000) * size * percent / 100


def _slacks(boxes: Sequence[_Box], size: float) -> Iterator[float]:
    """For each word, by how many sizes its ends may be off."""
    spaces = [_SPACE_SLACK * (after.left - box.right) / size if box.space else _SLACK for box, after in pairwise(boxes)]
    for before, behind in pairwise([_SLACK, *spaces, _SLACK]):
        yield max(min(before, behind, _SLACK, _MOST_SLACK / size), _LEAST_SLACK)


def _fit(left: float, right: float, natural: float, last: int, slack: float) -> tuple[int, int]:
    """A word's stretch in percent, and the step before it in thousandths of the stretched size.

    Where it begins and ends is given from the end of the last one, in sizes; `natural` is its own length. Taken are the
    roundest numbers, best those of the last word, that put both ends where they belong: they are most of the file.
    """
    exact = max(round(100 * (right - left) / natural), 1)
    percents = (last, *(max(unit * round(exact / unit), 1) for unit in (10, 5, 1)))
    for percent, unit in ((percent, unit) for units in _STEPS for percent in percents for unit in units):
        stretched = natural * percent / 100
        least = max(left, right - stretched) - slack
        most = min(left, right - stretched) + slack
        step = unit * round((least + most) * 50_000 / percent / unit)
        if least <= step * percent / 100_000 <= most:
            return percent, step
    return exact, round(left * 100_000 / exact)


def _number(value: float, digits: int = 2) -> bytes:
    """As PDF writes numbers: without exponents, no longer than it must be."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return (text if text not in ("-0", "") else "0").encode()
