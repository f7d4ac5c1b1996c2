"""The words of a page as PDF operators, each in its box, in any direction (ISO 32000-1, 9.4)."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from msgspec.structs import replace

from folio.models import Line, Page, Word
from folio.outputs.base import is_written_down, spaced
from folio.outputs.pdf.invisible_fonts import Fonts, advance, is_latin
from folio.outputs.pdf.tilted_lines import Box, axis_of, font_size, in_steps, tilt_of
from folio.text.spacing import is_wide
from folio.transform import Point, Polygon

type ToPdf = Callable[[Point], Point]  # from a page's pixels to the PDF page's own units

_MIN_FONT_SIZE = 0.05  # in the page's units; no viewer can make sense of what is smaller
# By how much a word may miss the ends of its box.
_MAX_SLACK, _MIN_SLACK = 0.045, 0.005  # font sizes; gaps from 0.1 on are spaces to viewers
_MAX_SLACK_UNITS = 0.45  # the page's units
_MAX_SPACE_SHARE = 0.15  # of the space beside it: a narrow one must stay one
# Where the fonts' boxes can be, in font sizes from the base line.
_MAX_BOTTOM, _MIN_BOTTOM, _MIN_TOP = 0.05, -0.35, 0.2
_STEPS = ((1000, 100), (50,), (20, 5))  # what they are multiples of, from the roundest


def draw_text(page: Page, to_pdf: ToPdf, fonts: Fonts) -> tuple[bytes, list[str]]:
    """Return a content stream for the words of a page and the names of its fonts; both empty if there are no words."""
    shown = _Operators()
    for line in page.lines:
        if line.text.strip():
            _draw_line(line, to_pdf, fonts, shown)
    if not shown.names:
        return b"", []
    # It finds and leaves the page's initial state, and goes before everything else that the page draws.
    return b"q BT 3 Tr%s\nET Q\n" % shown.operators, sorted(shown.names)


def _draw_line(line: Line, to_pdf: ToPdf, fonts: Fonts, shown: "_Operators") -> None:
    words = [(word, space) for word, space in spaced(line) if word.text.strip()]
    polygons = [_placed(word.polygon, to_pdf, is_written_down(line)) for word, _ in words]
    along = _direction(polygons)
    origin = polygons[0][3]
    boxes = [_box(word, space, polygon, origin, along) for (word, space), polygon in zip(words, polygons, strict=True)]
    boxes = _in_one_row(boxes)
    # Characters below the base line are the smaller part of a text, but not of every line.
    base = sorted(box.bottom for box in boxes)[len(boxes) * 7 // 10]
    size = float(f"{max(font_size(median(box.top - box.bottom for box in boxes), along), _MIN_FONT_SIZE):.3g}")
    boxes = [replace(box, base=base) for box in boxes]
    if tilt_of(along):
        boxes, along = in_steps(boxes, along, size), axis_of(along)
    cos, sin = along
    base = boxes[0].base
    shown.begin(along, (origin[0] - base * sin, origin[1] + base * cos), size)
    _draw_words(list(_glued(boxes)), size, fonts, shown)
    shown.flush()


def _placed(polygon: Polygon, to_pdf: ToPdf, down: bool) -> Polygon:
    """Return a polygon on the PDF page, from the top left corner in the direction of the writing."""
    p, q, r, s = (to_pdf(point) for point in polygon)
    return (q, r, s, p) if down else (p, q, r, s)


def _direction(polygons: Sequence[Polygon]) -> Point:
    """Return the direction of the writing as a unit vector: the mean over the words, weighted by their length."""
    x = sum(q[0] - p[0] + r[0] - s[0] for p, q, r, s in polygons)
    y = sum(q[1] - p[1] + r[1] - s[1] for p, q, r, s in polygons)
    length = math.hypot(x, y)
    return (x / length, y / length) if length > 0 else (1.0, 0.0)


def _box(word: Word, space: bool, polygon: Polygon, origin: Point, along: Point) -> Box:
    cos, sin = along
    across = [(x - origin[0]) * cos + (y - origin[1]) * sin for x, y in polygon]
    up = [(y - origin[1]) * cos - (x - origin[0]) * sin for x, y in polygon]
    text = " ".join(word.text.split())
    return Box(
        text, (across[0] + across[3]) / 2, (across[1] + across[2]) / 2, (up[2] + up[3]) / 2, (up[0] + up[1]) / 2, space
    )


def _glued(boxes: Sequence[Box]) -> Iterator[Box]:
    """Extend words without a space after them to the next: a viewer takes a gap for a space."""
    for box, after in pairwise(boxes):
        reaches = not box.space and after.left > box.left
        yield replace(box, right=after.left) if reaches else box
    yield boxes[-1]


def _in_one_row(boxes: Sequence[Box]) -> list[Box]:
    """Give Chinese words one height, since it is set in squares. Words that touch are one to a viewer."""
    wide = [box for box in boxes if any(is_wide(character) for character in box.text)]
    if not wide:
        return list(boxes)
    bottom, top = median(box.bottom for box in wide), median(box.top for box in wide)
    return [replace(box, bottom=bottom, top=max(top, bottom + _MIN_FONT_SIZE)) if box in wide else box for box in boxes]


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
        """Begin a line in a direction."""
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
        """Show a string after a step to the left, in thousandths of the stretched size."""
        self._strings += (b"%d" % step if step else b"") + string

    def flush(self) -> None:
        if self._strings:
            self.operators += b" [%s]TJ" % self._strings
            self._strings.clear()


def _draw_words(boxes: Sequence[Box], size: float, fonts: Fonts, shown: _Operators) -> None:
    latin = all(is_latin(box.text) for box in boxes)
    x, start = 0.0, boxes[0].base
    for box, slack in zip(boxes, _slacks(boxes, size), strict=True):
        base = box.base
        # Too high for the fonts, such as a dash, or too low: the base line is brought there.
        usually = box.top > base + _MIN_TOP * size and _MIN_BOTTOM * size < box.bottom - base < _MAX_BOTTOM * size
        lift = 0.0 if usually else box.bottom - base
        low = base + lift
        name = fonts.name((box.top - low) / size + slack, latin)
        shown.names.add(name)
        shown.set(b"Tf", b"/%s 1" % name.encode())
        shown.set(b"Ts", _number((low - start) / size))
        left, right = (box.left - x) / size, (box.right - x) / size
        percent, step = _fit(left, right, advance(box.text, latin), shown.percent, slack)
        shown.stretch(percent)
        text = box.text + " " * box.space
        shown.show(-step, fonts.encode(text, latin))
        x += (advance(text, latin) + step / 1000) * size * percent / 100


def _slacks(boxes: Sequence[Box], size: float) -> Iterator[float]:
    """Yield for each word by how many font sizes its ends may be off."""
    gaps = [(after.left - box.right) / size if box.space else None for box, after in pairwise(boxes)]
    slacks = [_MAX_SLACK if gap is None else _MAX_SPACE_SHARE * gap for gap in gaps]
    for before, behind in pairwise([_MAX_SLACK, *slacks, _MAX_SLACK]):
        yield max(min(before, behind, _MAX_SLACK, _MAX_SLACK_UNITS / size), _MIN_SLACK)


def _fit(left: float, right: float, natural: float, last: int, slack: float) -> tuple[int, int]:
    """Return a word's stretch in percent, and the step before it in thousandths of the stretched size.

    `left` and `right` count from the end of the last word, in font sizes; `natural` is the word's own length. The
    roundest numbers that put both ends where they belong are chosen, best those of the last word: they are most of the
    file.
    """
    exact = max(round(100 * (right - left) / natural), 1)
    percents = (last, *(max(unit * round(exact / unit), 1) for unit in (10, 5, 1)))
    for percent, unit in ((percent, unit) for units in _STEPS for percent in percents for unit in units):
        stretched = natural * percent / 100
        low = max(left, right - stretched) - slack
        high = min(left, right - stretched) + slack
        step = unit * round((low + high) * 50_000 / percent / unit)
        if low <= step * percent / 100_000 <= high:
            return percent, step
    return exact, round(left * 100_000 / exact)


def _number(value: float, digits: int = 2) -> bytes:
    """Format a number as PDF does: without exponent, and no longer than necessary."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return (text if text not in ("-0", "") else "0").encode()
