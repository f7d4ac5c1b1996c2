"""All tables of a page."""

import itertools
import math
from collections.abc import Callable, Sequence
from statistics import median

from folio.deadline import Deadline
from folio.documents import children
from folio.errors import FolioError
from folio.models import Cell, Line, Page, PageImage, Table, weighted_mean
from folio.structure.tables.drafts import Draft, DraftTable, without_overlaps
from folio.structure.tables.ruled import ruled_tables
from folio.structure.tables.rules import Rules, outside_text, rules_in
from folio.structure.tables.tokens import Token, rows_of, segments_of, text_height, text_of, tokens_of, top_of
from folio.structure.tables.unruled import unruled_tables
from folio.transform import Box, Polygon, Transform, bounds, box

type FindRules = Callable[[Transform, tuple[float, float], float], Rules]

_MIN_ROWS, _NEAR_ROWS = 2, 8.0  # of several cells, of which there is no table without; in heights, between two of them
_MIN_ANGLE = 0.03  # degrees; less is upright
_SECONDS = 30.0  # for the lines of a page, which take a twentieth of one


def tables_on(page: Page, draw: Callable[[], PageImage]) -> tuple[Table, ...]:
    """Return the tables of a page, from top to bottom; if it cannot be drawn, those that its words alone show.

    `draw` gives the page's drawing, and is called only where the words may stand in columns.
    """

    def find_rules(upright: Transform, size: tuple[float, float], height: float) -> Rules:
        try:
            image = draw()
            to_upright = image.to_page.then(upright)
            return children.call(
                "Looking for lines", Deadline(_SECONDS), rules_in, image.path, to_upright, size, height
            )
        except FolioError:
            return Rules()

    return find_tables(page, find_rules) if page.lines else ()


def find_tables(page: Page, find_rules: FindRules) -> tuple[Table, ...]:
    """Return the tables of a page, from top to bottom.

    `find_rules` is called where the words may stand in columns, with the way from the page to the frame in which most
    of its text is upright, the frame's size and the height of its text there.
    """
    upright, size = upright_frame(page)
    tokens = tokens_of(page.lines, upright)
    if not tokens:
        return ()
    height = text_height(tokens)
    if not _may_have_tables(tokens, height):
        return ()
    rules = outside_text(find_rules(upright, size, height), tokens)
    ruled, rest = ruled_tables(tokens, rules, height)
    tables = [*ruled, *unruled_tables(rest, rules.level, size[0], height)]
    tables.sort(key=lambda table: (table.box[1], table.box[0]))
    back = upright.inverse()
    return tuple(_table(table, back) for table in tables)


def _may_have_tables(tokens: Sequence[Token], height: float) -> bool:
    tops = [top_of(row) for row in rows_of(tokens) if len(segments_of(row, height)) > 1]
    near = sum(two - one < _NEAR_ROWS * height for one, two in itertools.pairwise(tops))
    return near >= _MIN_ROWS - 1


def upright_frame(page: Page) -> tuple[Transform, tuple[float, float]]:
    """Return the way from the page to the frame in which most of its text is upright, and the frame's size."""
    angle = _angle(page.lines)
    turned = Transform() if abs(angle) < _MIN_ANGLE else _rotation(-angle)
    left, top, right, bottom = bounds(turned.polygon(box(0, 0, page.width, page.height)))
    return turned.then(Transform((1, 0, -left, 0, 1, -top, 0, 0, 1))), (right - left, bottom - top)


def _angle(lines: Sequence[Line]) -> float:
    """Return the clockwise degrees by which most of the text is turned."""
    by_quarter: dict[int, list[tuple[float, float]]] = {}
    for line in lines:
        (x, y), (end_x, end_y) = line.polygon[0], line.polygon[1]
        length = math.hypot(end_x - x, end_y - y)
        angle = math.degrees(math.atan2(end_y - y, end_x - x))
        quarter = round(angle / 90) % 4
        by_quarter.setdefault(quarter, []).append(((angle - 90 * quarter + 180) % 360 - 180, length))
    if not by_quarter:
        return 0.0
    quarter, angles = max(by_quarter.items(), key=lambda entry: sum(length for _, length in entry[1]))
    longest = sorted(length for _, length in angles)[len(angles) // 2]
    return 90 * quarter + median(angle for angle, length in angles if length >= longest)


def _rotation(degrees: float) -> Transform:
    quarters = round(degrees / 90)
    if abs(degrees - 90 * quarters) < _MIN_ANGLE:
        cosine, sine = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[quarters % 4]
    else:
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return Transform((cosine, -sine, 0, sine, cosine, 0, 0, 0, 1))


def _table(table: DraftTable, back: Transform) -> Table:
    cells = sorted(without_overlaps(table.cells), key=lambda cell: (cell.top, cell.left))
    return Table(
        cells=tuple(_cell(cell, back) for cell in cells),
        polygon=_polygon(table.box, back),
        header_rows=table.header_rows,
    )


def _cell(cell: Draft, back: Transform) -> Cell:
    tokens: list[Token] = cell.tokens
    around = bounds(*(box(token.left, token.top, token.right, token.bottom) for token in tokens))
    return Cell(
        text=text_of(tokens),
        row=cell.top,
        column=cell.left,
        row_span=cell.bottom - cell.top + 1,
        column_span=cell.right - cell.left + 1,
        confidence=weighted_mean((token.confidence, len(token.text)) for token in tokens),
        polygon=_polygon(around, back),
    )


def _polygon(around: Box, back: Transform) -> Polygon:
    p, q, r, s = ((round(x, 1), round(y, 1)) for x, y in back.polygon(box(*around)))
    return p, q, r, s
