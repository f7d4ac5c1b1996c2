"""The lines of a page in reading order, also where it lies askew or is bent; the cells of a table's row as one line."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from folio.models import Line, PageText, weighted_mean
from folio.providers.ppocr.language.lexicon import Lexicon
from folio.providers.ppocr.lines.gutters import divided
from folio.providers.ppocr.page.broken_lines import joined
from folio.providers.ppocr.text.hyphens import with_hyphens
from folio.text.bend import find_bend
from folio.text.lean import find_lean
from folio.text.reading_order import reading_order
from folio.text.spacing import is_wide
from folio.transform import Polygon, Transform, angle_of, bounds, quarter_of

# To the page as it would be if it lay upright; where its corners are does not matter for the order.
_UPRIGHT = {
    0: Transform(),
    90: Transform((0, 1, 0, -1, 0, 0, 0, 0, 1)),
    180: Transform((-1, 0, 0, 0, -1, 0, 0, 0, 1)),
    270: Transform((0, -1, 0, 1, 0, 0, 0, 0, 1)),
}
_MIN_TILT_DEGREES, _MAX_TILT_DEGREES = 0.3, 30.0  # below it rows lie in their order; above it lines are no page's rows
_MIN_SINGLE = 0.5  # of the rows, that are one line
_MIN_LENGTH = 3.0  # of a line that tells how its page lies, in its heights


def in_order(lines: Sequence[Line], rotation: Literal[0, 90, 180, 270], lexicon: Lexicon | None = None) -> PageText:
    """Return the lines of a page that is turned clockwise by `rotation`, in reading order.

    Those that run across the page's text come last: beside columns of Chinese they are charts and tables. `lexicon` has
    the words of the page's language.
    """
    ways: dict[int, list[Line]] = {rotation: []}
    for line in lines:
        ways.setdefault(quarter_of(angle_of(line.polygon)) * 90, []).append(line)
    read = [block for way, along in ways.items() for block in _blocks(along, way, lexicon)]
    text = "\n\n".join("\n".join(line.text for line in block) for block in read)
    return PageText(text, tuple(line for block in read for line in block), rotation=rotation)


def _blocks(lines: Sequence[Line], rotation: int, lexicon: Lexicon | None) -> list[list[Line]]:
    """Return the lines that run one way as blocks of rows."""
    turn = _straightened([line.polygon for line in lines], _UPRIGHT[rotation])
    lines = joined(lines, turn)
    words = [[turn.polygon(word.polygon) for word in line.words] for line in lines]
    bend = find_bend(words)
    box = bend.box if bend else bounds
    lines = [*divided(lines, [[box(polygon) for polygon in line] for line in words])]
    boxes = [box(turn.polygon(line.polygon)) for line in lines]
    lean = find_lean(boxes)
    boxes = [lean.box(one) for one in boxes] if lean else boxes
    if lexicon:
        lines = with_hyphens(lines, boxes, lexicon)
    blocks = reading_order(boxes, [line.text for line in lines])
    read = [[[lines[index] for index in row] for row in block] for block in blocks]
    if rotation in (90, 270) and _are_columns(read):
        return [[cell for row in block for cell in row] for block in read]
    return [[_row(row, turn) for row in block] for block in read]


def _are_columns(blocks: Sequence[Sequence[Sequence[Line]]]) -> bool:
    """Return whether lines are columns of Chinese or Japanese, hardly any of them cells of a table that lies."""
    rows = [row for block in blocks for row in block]
    text = "".join(line.text for row in rows for line in row)
    single = sum(len(row) == 1 for row in rows)
    return 2 * sum(map(is_wide, text)) > len(text) and single >= _MIN_SINGLE * len(rows)


def _straightened(lines: Sequence[Polygon], turn: Transform) -> Transform:
    """Return the way to a page that lies straight, of one that lies askew after `turn`: as most of its text runs."""
    angles = sorted(angle for line in lines if (angle := _angle(turn.polygon(line))))
    if not angles:
        return turn
    lengths = list(accumulate(length for _, length in angles))
    degrees, _ = angles[bisect_left(lengths, lengths[-1] / 2)]
    if not _MIN_TILT_DEGREES <= abs(degrees) <= _MAX_TILT_DEGREES:
        return turn
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return turn.then(Transform((cosine, sine, 0, -sine, cosine, 0, 0, 0, 1)))


def _angle(line: Polygon) -> tuple[float, float] | None:
    """Return the degrees by which a line falls, and its length; None for a line that is too short to tell."""
    start, end, _, low = line
    length = math.dist(start, end)
    if length < _MIN_LENGTH * math.dist(start, low):
        return None
    return angle_of(line), length


def _row(cells: Sequence[Line], turn: Transform) -> Line:
    if len(cells) == 1:
        return cells[0]
    return Line(
        " ".join(cell.text for cell in cells),
        weighted_mean((cell.confidence, len(cell.text)) for cell in cells),
        _around([cell.polygon for cell in cells], turn),
        tuple(word for cell in cells for word in cell.words),
    )


def _around(polygons: Sequence[Polygon], turn: Transform) -> Polygon:
    left, top, right, bottom = bounds(*(turn.polygon(polygon) for polygon in polygons))
    back = turn.inverse()
    return back.polygon(((left, top), (right, top), (right, bottom), (left, bottom)))
