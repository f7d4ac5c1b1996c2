"""The words of a page as PDF operators, each in its box, in any direction (ISO 32000-1, 9.4)."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, zip_longest
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from folio.models import Line, Page, Word
from folio.outputs.base import is_written_down, spaced
from folio.outputs.pdf.invisible_fonts import ANCHOR, Fonts, advance, is_latin
from folio.outputs.pdf.straightened import Extent, Straightening, is_near_axis, straightening
from folio.outputs.pdf.tilted_lines import Box, axis_of, font_size, in_frame, in_steps, tilt_of
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
# Font sizes: pdf.js joins words of lines that are within half a size; base lines of words are brought where they fit.
_MAX_SAME_HEIGHT = 0.75
_MIN_SPACE, _MAX_CUT = 0.14, 0.35  # font sizes between words with a space, and how much of a word may go for it
_STEPS = ((1000, 100), (50,), (20, 5))  # what they are multiples of, from the roundest


class _LaidLine(Struct, frozen=True):
    """A line's words in its own frame: at the lower left corner of its first word, in its direction."""

    boxes: list[Box]
    origin: Point
    along: Point
    size: float

    def point(self, x: float, up: float) -> Point:
        """Return where on the PDF page it is, so far along and across it."""
        cos, sin = self.along
        return self.origin[0] + x * cos - up * sin, self.origin[1] + x * sin + up * cos

    @property
    def extent(self) -> Extent:
        return Extent(self.along, self.boxes[-1].right - self.boxes[0].left, self.size)


def draw_text(page: Page, to_pdf: ToPdf, fonts: Fonts) -> tuple[bytes, list[str]]:
    """Return a content stream for the words of a page and the names of its fonts; both empty if there are no words."""
    shown = _Operators()
    lines = [_laid(line, to_pdf) for line in page.lines if line.text.strip()]
    straight = straightening([line.extent for line in lines], to_pdf((page.width / 2, page.height / 2)))
    placed = [_in_place(line, straight) for line in lines]
    for line, after in zip_longest(placed, placed[1:]):
        _draw_line(line, after, straight if is_near_axis(line.along) else None, fonts, shown)
    if not shown.names:
        return b"", []
    # It finds and leaves the page's initial state, and goes before everything else that the page draws.
    return b"q BT 3 Tr%s\nET Q\n" % shown.operators, sorted(shown.names)


def _laid(line: Line, to_pdf: ToPdf) -> _LaidLine:
    words = [(word, space) for word, space in spaced(line) if word.text.strip()]
    polygons = [_placed(word.polygon, to_pdf, is_written_down(line)) for word, _ in words]
    along = _direction(polygons)
    origin = polygons[0][3]
    boxes = [_box(word, space, polygon, origin, along) for (word, space), polygon in zip(words, polygons, strict=True)]
    boxes = _in_one_row(boxes)
    # Characters below the base line are the smaller part of a text, but not of every line.
    base = sorted(box.bottom for box in boxes)[len(boxes) * 7 // 10]
    size = float(f"{max(font_size(median(box.top - box.bottom for box in boxes), along), _MIN_FONT_SIZE):.3g}")
    return _LaidLine([replace(box, base=base) for box in boxes], origin, along, size)


def _in_place(line: _LaidLine, straight: Straightening | None) -> _LaidLine:
    """Return a line in the direction in which it is laid, with words that readers keep apart, or together."""
    boxes, along = line.boxes, line.along
    if tilt_of(along):
        boxes, along = in_steps(boxes, along, line.size, flat=straight is None), axis_of(along)
    return replace(line, boxes=list(_glued(list(_apart(boxes, line.size)))), along=along)


def _draw_line(
    line: _LaidLine, after: _LaidLine | None, straight: Straightening | None, fonts: Fonts, shown: "_Operators"
) -> None:
    boxes, size, base = line.boxes, line.size, line.boxes[0].base
    shown.begin(line.along, line.point(0, base), size)
    if after and _are_level(line, after):
        firm = boxes[-1].firm or _gap(line, after)[0] < _MIN_SPACE * size
        boxes = [*boxes[:-1], replace(boxes[-1], firm=firm, space=not firm)]
    anchor = (straight.base_of(boxes, line.origin, line.along) - base) / size if straight else None
    _draw_words(boxes, size, fonts, shown, anchor)
    shown.flush()


def _are_level(line: _LaidLine, after: _LaidLine) -> bool:
    """Return whether a line begins about as high as the one before it ends."""
    return abs(_gap(line, after)[1]) < _MAX_SAME_HEIGHT * max(line.size, after.size)


def _gap(line: _LaidLine, after: _LaidLine) -> Point:
    """Return the way from the end of a line to where the next one begins, along and across it."""
    end, start = line.boxes[-1], after.boxes[0]
    first, last = after.point(start.left, start.base), line.point(end.right, end.base)
    return in_frame((first[0] - last[0], first[1] - last[1]), line.along)


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


def _apart(boxes: Sequence[Box], size: float) -> Iterator[Box]:
    """Cut words with a space between them so that there is one: engines' boxes of neighbors may touch, or overlap."""
    begin = boxes[0].left
    for box, after in pairwise(boxes):
        cut = (_MIN_SPACE * size - (after.left - box.right)) / 2 if box.space else 0.0
        cuts = [min(max(cut, 0.0), _MAX_CUT * (one.right - one.left)) for one in (box, after)]
        yield replace(box, left=begin, right=box.right - cuts[0])
        begin = after.left + cuts[1]
    yield replace(boxes[-1], left=begin)


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

    def use(self, font: str, rise: float) -> None:
        """Show what follows in a font, and so many font sizes above the line's beginning."""
        self.names.add(font)
        self.set(b"Tf", b"/%s 1" % font.encode())
        self.set(b"Ts", _number(rise))

    def begin_span(self, text: str) -> None:
        """Begin marked content of which some readers take this text, and the place of its first glyph."""
        self.flush()
        string = b"<%s>" % _utf16(text).hex().encode()
        self.operators += b"\n/Span<</ActualText%s>>BDC" % string

    def end_span(self) -> None:
        """End marked content."""
        self.flush()
        self.operators += b" EMC"

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


def _draw_words(boxes: Sequence[Box], size: float, fonts: Fonts, shown: _Operators, anchor: float | None) -> None:
    """Draw the words of a line; `anchor` is where poppler is to find them, in font sizes above the line's beginning."""
    latin = anchor is None and not boxes[-1].firm and all(is_latin(box.text) for box in boxes)
    x, start = 0.0, boxes[0].base
    for box, slack in zip(boxes, _slacks(boxes, size), strict=True):
        base = box.base
        # Too high for the fonts, such as a dash, or too low: the base line is brought there.
        usually = box.top > base + _MIN_TOP * size and _MIN_BOTTOM * size < box.bottom - base < _MAX_BOTTOM * size
        lift = 0.0 if usually else box.bottom - base
        low = base + lift
        name = fonts.name((box.top - low) / size + slack, latin)
        left, right = (box.left - x) / size, (box.right - x) / size
        percent, step = _fit(left, right, advance(box.text, latin), shown.percent, slack)
        shown.stretch(percent)
        if anchor is None:
            shown.use(name, (low - start) / size)
            shown.show(-step, fonts.encode(box.text + " " * box.space, latin, firm=box.firm))
        else:
            shown.begin_span(box.text + " " * (box.firm and box.text.endswith("-")))
            shown.use(name, anchor)
            shown.show(-step, fonts.encode(ANCHOR, latin))
            shown.use(name, (low - start) / size)
            shown.show(0, fonts.encode(box.text, latin, firm=box.firm))
            shown.end_span()
            if box.space or box.firm:
                shown.show(0, fonts.encode(" ", latin))
        x += (advance(box.text + " " * box.space, latin) + step / 1000) * size * percent / 100


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


def _utf16(text: str) -> bytes:
    return b"\xfe\xff" + text.encode("utf-16-be", "replace")


def _number(value: float, digits: int = 2) -> bytes:
    """Format a number as PDF does: without exponent, and no longer than necessary."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return (text if text not in ("-0", "") else "0").encode()
