"""A page's blocks in reading order, from its lines and tables."""

from collections.abc import Sequence
from statistics import median

import msgspec
from msgspec import Struct

from folio.models import Block, BlockKind, Page, Table
from folio.outputs.base import words_of
from folio.structure.directions import by_direction, direction_of, directions_around, run_downwards
from folio.structure.layout.across import inserted
from folio.structure.layout.axes import may_be_tick
from folio.structure.layout.charts_beside import charts_beside, ordered
from folio.structure.layout.figures import charts
from folio.structure.layout.frame import Frame, Row, frame_of, make_row, segments
from folio.structure.layout.kinds import Group, Kind, is_day, kinds, make_groups
from folio.structure.layout.kinds import Page as Measures
from folio.structure.layout.margins import margins
from folio.structure.layout.paragraphs import is_bullet, paragraphs
from folio.structure.layout.table_lines import LinesInTables, lines_in_tables
from folio.text.edges import with_even_edges
from folio.text.spread import pages_of_spread
from folio.transform import Box, Polygon, bounds, bounds_of, box, overlap, quarter_of

_STOPS = tuple(".!?:。！？：；;")
_NEAR = 8  # rows, between whose edges the next one of a column stands
_MIN_COLUMN_ROWS = 3  # of a segment of a column that is narrower than what stands before or after it
_MIN_BODY = 120  # characters outside of tables, by whose height headings are told
_SAME_COLUMN = 0.7  # of the wider of two segments of a column, that they share
_MAX_HEIGHT_RATIO = 1.35  # between the rows of one paragraph
_MIN_SIDEWAYS = 3  # letters of a row that tells by itself which way it runs; figures of a table may be misread so


class _Area(Struct, frozen=True):
    """A table or a figure, and the lines in it."""

    box: Box
    polygon: Polygon
    lines: tuple[int, ...]
    table: int | None = None


def with_blocks(page: Page) -> Page:
    """Return a page with its blocks, its lines parted at the edges of tables. Blocks that it has stay."""
    if page.blocks or not (page.lines or page.tables or page.seals):
        return page
    located = lines_in_tables(page)
    lines = located.page.lines
    groups = by_direction(lines, directions_around(lines))
    main, *others = [_Layout(located, group, groups) for group in groups]
    blocks, across = main.blocks(), [block for other in others for block in other.blocks()]
    goes_between = bool(across) and main.runs_down
    blocks = inserted(blocks, across, lines, main.frame) if goes_between else [*blocks, *across]
    return msgspec.structs.replace(located.page, blocks=(*blocks, *_stamps(page)))


def _stamps(page: Page) -> list[Block]:
    return [Block(kind="stamp", text=seal.text, polygon=seal.polygon) for seal in page.seals if seal.kind == "seal"]


class _Layout:
    """Of the lines that run one way, one of `groups`, with the tables most of whose lines are among them."""

    def __init__(self, located: LinesInTables, group: Sequence[int], groups: Sequence[Sequence[int]]) -> None:
        page = self._page = located.page
        self.frame = frame_of([page.lines[index] for index in group], is_flat=page.origin != "ocr")
        boxes = {index: self.frame.line_box(line) for index, line in enumerate(page.lines) if line.text.strip()}
        self._boxes = {index: boxes[index] for index in group if index in boxes}
        self._quarter = quarter_of(self.frame.angle)
        self.runs_down = run_downwards([page.lines[index] for index in self._boxes])
        areas = _table_areas(page, self.frame, boxes, located.tables)
        self._tables = [area for area in areas if _group_of(area, groups) is group]
        self._taken = {index for area in areas for index in area.lines}
        free = [index for index in self._boxes if index not in self._taken]
        # A title over a table is held against the table's text, where there is no other.
        measured = free if sum(len(page.lines[i].text) for i in free) >= _MIN_BODY else self._boxes
        heights = [self._boxes[i][3] - self._boxes[i][1] for i in measured for _ in page.lines[i].text[:80]]
        top, bottom = self._edges()
        self._measures = Measures(median(heights) if heights else 0.0, top, bottom)

    def _edges(self) -> tuple[float, float]:
        """Return the page's top and bottom: of a bent one, which nobody can lay flat beyond its text, by that text."""
        flat = msgspec.structs.replace(self.frame, bend=None, lean=None)
        _, top, _, bottom = flat.box(box(0, 0, self._page.width, self._page.height))
        if self.frame.bend and self._boxes:
            texts = [flat.box(self._page.lines[index].polygon) for index in self._boxes]
            top += min(one[1] for one in self._boxes.values()) - min(one[1] for one in texts)
            bottom += max(one[3] for one in self._boxes.values()) - max(one[3] for one in texts)
        return top, bottom

    def blocks(self) -> list[Block]:
        """Return the blocks page by page: an open book may lie on one picture."""
        lines = list(self._boxes)
        boxes = [*self._boxes.values(), *(area.box for area in self._tables)]
        texts = [self._page.lines[index].text for index in lines] + [""] * len(self._tables)
        blocks: list[Block] = []
        for page in pages_of_spread(boxes, texts):
            areas = [self._tables[at - len(lines)] for at in page if at >= len(lines)]
            blocks += self._page_blocks([lines[at] for at in page if at < len(lines)], areas)
        return blocks

    def _page_blocks(self, lines: Sequence[int], tables: Sequence[_Area]) -> list[Block]:
        free = {index: self._boxes[index] for index in lines if index not in self._taken}
        bullets = {index for index in free if is_bullet(self._page.lines[index].text)}
        even = dict(zip(free, with_even_edges([*free.values()]), strict=True))
        single = [make_row(self.frame, self._page.lines, segment) for segment in segments(even, bullets)]
        outer = margins(single, self._measures.top, self._measures.bottom) if not self.runs_down else {}
        inner = [row for index, row in enumerate(single) if index not in outer]
        edge_rows = sorted(((kind, single[index]) for index, kind in outer.items()), key=lambda pair: pair[1].box[1])
        middle = self._measures.top + (self._measures.bottom - self._measures.top) / 2
        head = [self._margin(kind, row) for kind, row in edge_rows if row.box[1] < middle]
        foot = [self._margin(kind, row) for kind, row in edge_rows if row.box[1] >= middle]
        return [*head, *self._body(inner, tables), *foot]

    def _margin(self, kind: BlockKind, row: Row) -> Block:
        return self._block(Kind(kind), row.text, row.lines)

    def _body(self, rows: Sequence[Row], tables: Sequence[_Area]) -> list[Block]:
        figures = self._charts(rows)
        areas = [*figures, *tables]
        taken = {index for area in areas for index in area.lines}
        texts = [row for row in rows if row.lines[0] not in taken]
        aside = self._aside(texts)
        texts = [row for row in texts if row not in aside]
        beside = charts_beside([area.box for area in figures], texts, self._measures.body)
        order = ordered(texts, [area.box for area in areas], beside)
        blocks: list[Block] = []
        column: list[Row] = []
        for block in order:
            if column and _is_other_column([texts[item] for row in block for item in row if item < len(texts)], column):
                blocks += self._column(column, blocks)
                column = []
            for items in block:
                here = self._joined([texts[item] for item in items if item < len(texts)])
                if here and column and not _is_below(here, column):
                    blocks += self._column(column, blocks)
                    column = []
                column += [here] if here else []
                for area in (areas[item - len(texts)] for item in items if item >= len(texts)):
                    blocks += self._column(column, blocks)
                    column = []
                    blocks.append(self._area_block(area))
        blocks += self._column(column, blocks)
        return blocks + [self._block(Kind("paragraph"), row.text, row.lines) for row in aside]

    def _aside(self, rows: Sequence[Row]) -> list[Row]:
        """Return what runs up or down beside all other text, as a stamp in a margin does: it is read after that."""
        sideways = [row for row in rows if self._is_sideways(row)]
        others = [row.box for row in rows if row not in sideways] if sideways else []
        return [row for row in sideways if not any(row.box[0] < one[2] and one[0] < row.box[2] for one in others)]

    def _is_sideways(self, row: Row) -> bool:
        direction = direction_of(self._page.lines[row.lines[0]])
        is_across = direction is not None and (direction - self._quarter) % 2 == 1
        return is_across and not self.runs_down and sum(map(str.isalpha, row.text)) >= _MIN_SIDEWAYS

    def _joined(self, rows: Sequence[Row]) -> Row | None:
        if len(rows) < 2:
            return rows[0] if rows else None
        return make_row(self.frame, self._page.lines, [line for row in rows for line in row.lines])

    def _charts(self, rows: Sequence[Row]) -> list[_Area]:
        areas = []
        for chart, lettering in charts(rows, self._numbers(rows), self._measures.body):
            lines = tuple(line for row in lettering for line in row.lines)
            polygon = box(*bounds(*(self._page.lines[index].polygon for index in lines)))
            areas.append(_Area(chart, polygon, lines))
        return areas

    def _numbers(self, rows: Sequence[Row]) -> list[tuple[str, Box]]:
        words = (word for row in rows for index in row.lines for word in words_of(self._page.lines[index]))
        return [(word.text, self.frame.box(word.polygon)) for word in words if may_be_tick(word.text)]

    def _column(self, rows: Sequence[Row], before: Sequence[Block]) -> list[Block]:
        if not rows:
            return []
        groups = make_groups(paragraphs(rows))
        blocks = []
        for group, kind in zip(groups, kinds(groups, self._measures), strict=True):
            lines = tuple(index for row in group.rows for index in row.lines)
            blocks.append(self._block(kind, group.text, lines))
        if before and goes_on(before[-1], blocks[0]) and self._is_as_high(before[-1], groups[0]):
            blocks[0] = msgspec.structs.replace(blocks[0], continues=True)
        return blocks

    def _is_as_high(self, before: Block, group: Group) -> bool:
        height = median(self._boxes[index][3] - self._boxes[index][1] for index in before.lines)
        return max(height, group.height) <= _MAX_HEIGHT_RATIO * min(height, group.height)

    def _block(self, kind: Kind, text: str, lines: tuple[int, ...]) -> Block:
        polygon = box(*bounds(*(self._page.lines[index].polygon for index in lines)))
        return Block(kind=kind.name, text=text, polygon=polygon, lines=lines, level=kind.level)

    def _area_block(self, area: _Area) -> Block:
        if area.table is None:
            text = "\n".join(self._page.lines[index].text for index in area.lines)
            return Block(kind="figure", text=text, polygon=area.polygon, lines=area.lines)
        text = "\n".join(cell.text for cell in self._page.tables[area.table].cells if cell.text)
        return Block(kind="table", text=text, polygon=area.polygon, lines=area.lines, table=area.table)


def goes_on(before: Block, block: Block) -> bool:
    """Return whether a paragraph at the start of a column or a page goes on from the last one before it."""
    if before.kind != "paragraph" or block.kind != "paragraph" or not before.text or not block.text:
        return False
    if is_day(block.text) or before.text.endswith(_STOPS) or before.text.endswith(("”", "”")):
        return False
    first = block.text[0]
    is_cased = first.isupper() or first.islower()
    return len(before.lines) > 1 and (not first.isupper() if is_cased else True)


def _is_below(row: Row, column: Sequence[Row]) -> bool:
    near = column[-_NEAR:]
    is_over = row.box[0] < max(other.box[2] for other in near) and row.box[2] > min(other.box[0] for other in near)
    return is_over and row.box[3] > column[-1].box[3]


def _is_other_column(rows: Sequence[Row], column: Sequence[Row]) -> bool:
    """Return whether rows are as wide as another column, or as all of them; a few short rows do not tell."""
    if not rows:
        return False
    (start, end), (other_start, other_end) = _span(rows), _span(column[-_NEAR:])
    if len(rows if end - start < other_end - other_start else column) < _MIN_COLUMN_ROWS:
        return False
    return min(end, other_end) - max(start, other_start) < _SAME_COLUMN * max(end - start, other_end - other_start)


def _group_of(area: _Area, groups: Sequence[Sequence[int]]) -> Sequence[int]:
    """Return the group that most lines of a table are in."""
    lines = set(area.lines)
    return max(groups, key=lambda group: len(lines.intersection(group)))


def _span(rows: Sequence[Row]) -> tuple[float, float]:
    return min(row.box[0] for row in rows), max(row.box[2] for row in rows)


def _is_inside(inner: Box, outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _table_areas(page: Page, frame: Frame, boxes: dict[int, Box], homes: Sequence[int | None]) -> list[_Area]:
    """Return the tables with the lines in their cells, or in their areas where nobody says where cells are."""
    areas = []
    for number, table in enumerate(page.tables):
        polygon = table_polygon(table)
        if polygon is None:
            polygon = box(0, page.height, page.width, page.height)  # nobody says where it is: after the text
        area = frame.box(polygon)
        if any(cell.polygon for cell in table.cells):
            lines = tuple(index for index in boxes if homes[index] == number)
        else:
            lines = tuple(index for index, line in boxes.items() if homes[index] is None and _is_inside(line, area))
        areas.append(_Area(area, polygon, lines, number))
    return [_where_lines_are(one, areas, boxes, is_bent=frame.bend is not None) for one in areas]


def _where_lines_are(area: _Area, areas: Sequence[_Area], boxes: dict[int, Box], *, is_bent: bool) -> _Area:
    """Return a table, without its empty parts where these lap over another one, or were drawn on a bent page."""
    if not area.lines:
        return area
    if not is_bent and not any(other is not area and overlap(other.box, area.box) for other in areas):
        return area
    return msgspec.structs.replace(area, box=bounds_of(boxes[index] for index in area.lines))


def table_polygon(table: Table) -> Polygon | None:
    """Return where a table stands, None if nobody says."""
    cells = [cell.polygon for cell in table.cells if cell.polygon]
    return table.polygon or (box(*bounds(*cells)) if cells else None)
