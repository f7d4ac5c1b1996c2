"""All tables of a page."""

import itertools
import math
from collections.abc import Callable, Sequence
from statistics import median

import msgspec

from folio.deadline import Deadline
from folio.documents import children
from folio.errors import FolioError
from folio.models import Cell, Line, Page, PageImage, Table, weighted_mean
from folio.structure.directions import by_direction, run_downwards
from folio.structure.tables.beside_text import tables_beside_text
from folio.structure.tables.drafts import Draft, DraftTable, without_overlaps
from folio.structure.tables.ruled import ruled_tables
from folio.structure.tables.rules import Rule, Rules, outside_text, rules_in, rules_of
from folio.structure.tables.till_slips import has_heads, is_till_slip
from folio.structure.tables.tokens import (
    Token,
    has_cells,
    left_of,
    right_of,
    rows_of,
    text_height,
    text_of,
    tokens_of,
    top_of,
)
from folio.structure.tables.unruled import unruled_tables
from folio.text.bend import Bend, find_bend
from folio.text.spread import pages_of_spread
from folio.textlayer.line_art import LineArt
from folio.transform import Box, Polygon, Transform, angle_of, bounds, box, quarter_of

type FindRules = Callable[[Transform, tuple[float, float], float, Sequence[Bend | None]], list[Rules]]

_MIN_ROWS, _NEAR_ROWS = 2, 8.0  # of several cells, of which there is no table without; in heights, between two of them
_MIN_ART_TEXT_PX = 5.0  # of a text's height in line art; smaller text is nearer to its lines than these are thick
_HIGH_AREA = 3.0  # heights of the text: of several rows
_MIN_ANGLE = 0.03  # degrees; less is upright
_SECONDS = 30.0  # for the lines of a page, which take a twentieth of one


def tables_on(page: Page, draw: Callable[[], PageImage], art: LineArt | None = None) -> tuple[Table, ...]:
    """Return the tables of a page, from top to bottom; if it cannot be drawn, those that its words alone show.

    `draw` gives the page's drawing, and is called only where the words may stand in columns and `art`, what is known of
    its lines already, does not show them.
    """

    def find_rules(
        upright: Transform, size: tuple[float, float], height: float, bends: Sequence[Bend | None]
    ) -> list[Rules]:
        if art and _shows_lines(art, page, height):
            from_art = Transform.scale(page.width / art.width, page.height / art.height)
            return [rules_of(art, from_art.then(upright), size, height)] * len(bends)
        try:
            image = draw()
            to_upright = image.to_page.then(upright)
            return children.call(
                "Looking for lines", Deadline(_SECONDS), rules_in, image.path, to_upright, size, height, bends
            )
        except FolioError:
            return [Rules()] * len(bends)

    return find_tables(page, find_rules) if page.lines else ()


def _shows_lines(art: LineArt, page: Page, height: float) -> bool:
    """Return whether line art is enough: text is large on it, and on no dark areas with thin gaps between them."""
    across, down = art.width / page.width, art.height / page.height
    if height * down < _MIN_ART_TEXT_PX:
        return False
    texts = [bounds(line.polygon) for line in page.lines]
    rows = [(left * across, (top + bottom) / 2 * down, right * across) for left, top, right, bottom in texts]
    areas = [
        area for area in art.areas if any(area[0] < c and a < area[2] and area[1] < b < area[3] for a, b, c in rows)
    ]
    if any(bottom - top > _HIGH_AREA * height * down for _, top, _, bottom in areas):
        return False
    return not any(one[1] < (other[1] + other[3]) / 2 < one[3] for one, other in itertools.permutations(areas, 2))


def find_tables(page: Page, find_rules: FindRules) -> tuple[Table, ...]:
    """Return the tables of a page, from top to bottom; those of lines that run another way come last.

    `find_rules` is called where the words may stand in columns, with the way from the page to the frame in which their
    text is upright, the frame's size, the height of its text there, and how the page may be bent: it gives the lines on
    the flat page for each way.
    """
    groups = by_direction(page.lines)
    parts = (msgspec.structs.replace(page, lines=tuple(page.lines[index] for index in group)) for group in groups)
    return tuple(table for part in parts for table in _tables_one_way(part, find_rules))


def _tables_one_way(page: Page, find_rules: FindRules) -> tuple[Table, ...]:
    upright, size = upright_frame(page)
    words = [[upright.polygon(word.polygon) for word in line.words or (line,)] for line in page.lines]
    bend = find_bend(words) if page.origin == "ocr" else None
    sides = _sides(page, upright)
    tables: list[DraftTable] = []
    for lines in sides:
        tokens = tokens_of(lines, upright, bend)
        if not tokens:
            continue
        height = text_height(tokens)
        if not _may_have_tables(tokens, height):
            continue
        drawn = find_rules(upright, size, height, (None, bend) if bend else (None,))
        rules = outside_text(_laid_flat(drawn[0], bend), tokens)
        whole = outside_text(drawn[1], tokens) if bend else rules
        start, end = (0.0, size[0]) if len(sides) == 1 else (left_of(tokens) - height, right_of(tokens) + height)
        both = (whole, rules) if len(sides) == 1 else (whole.between(start, end), rules.between(start, end))
        tables += _side_tables(tokens, both, end - start, height, downwards=run_downwards(lines))
    return tuple(_table(table, upright.inverse(), bend) for table in tables)


def _sides(page: Page, upright: Transform) -> list[list[Line]]:
    """Return the lines of each page of an open book that lies on one picture; all as one of any other page."""
    boxes = [bounds(upright.polygon(line.polygon)) for line in page.lines]
    sides = pages_of_spread(boxes, [line.text for line in page.lines])
    return [[page.lines[index] for index in side] for side in sides]


def _laid_flat(rules: Rules, bend: Bend | None) -> Rules:
    if bend is None:
        return rules
    level = [Rule(bend.level((rule.start + rule.end) / 2, rule.at), rule.start, rule.end) for rule in rules.level]
    upright = [Rule(rule.at, bend.level(rule.at, rule.start), bend.level(rule.at, rule.end)) for rule in rules.upright]
    return Rules(level, upright)


def _side_tables(
    tokens: Sequence[Token], both: tuple[Rules, Rules], width: float, height: float, *, downwards: bool
) -> list[DraftTable]:
    """Return the tables of a page; the lines of `both` are those for grids, and those that may part rows."""
    whole, rules = both
    ruled, rest = ruled_tables(tokens, whole, height, downwards=downwards)
    beside_text, rest = tables_beside_text(rest, rules, width, height)
    tables = [*ruled, *beside_text, *unruled_tables(rest, rules.level, width, height)]
    if is_till_slip(tokens, height):
        tables = [table for table in tables if has_heads(table)]
    return sorted(tables, key=lambda table: (table.box[1], table.box[0]))


def _may_have_tables(tokens: Sequence[Token], height: float) -> bool:
    tops = [top_of(row) for row in rows_of(tokens) if has_cells(row, height)]
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
        length = math.dist(*line.polygon[:2])
        angle = angle_of(line.polygon)
        quarter = quarter_of(angle)
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


def _table(table: DraftTable, back: Transform, bend: Bend | None) -> Table:
    cells = sorted(without_overlaps(table.cells), key=lambda cell: (cell.top, cell.left))
    return Table(
        cells=tuple(_cell(cell, back, bend) for cell in cells),
        polygon=_polygon(table.box, back, bend),
        header_rows=table.header_rows,
    )


def _cell(cell: Draft, back: Transform, bend: Bend | None) -> Cell:
    tokens: list[Token] = cell.tokens
    around = bounds(*(box(token.left, token.top, token.right, token.bottom) for token in tokens))
    return Cell(
        text=text_of(tokens),
        row=cell.top,
        column=cell.left,
        row_span=cell.bottom - cell.top + 1,
        column_span=cell.right - cell.left + 1,
        confidence=weighted_mean((token.confidence, len(token.text)) for token in tokens),
        polygon=_polygon(around, back, bend),
    )


def _polygon(around: Box, back: Transform, bend: Bend | None) -> Polygon:
    corners = bend.polygon(around) if bend else box(*around)
    p, q, r, s = ((round(x, 1), round(y, 1)) for x, y in back.polygon(corners))
    return p, q, r, s
