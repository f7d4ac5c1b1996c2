"""Blocks of pages that do not lie flat and upright: curled sheets, and pages upside down."""

import msgspec

from folio.models import Cell, Line, Page, Table
from folio.structure.layout.blocks import with_blocks
from folio.transform import Polygon, bounds, box
from tests.support.pages import HEIGHT, WIDTH, page_of, rows, written

PROSE = (
    "The river ran past the mill and under the old stone bridge, and",
    "from there on to the sea, which nobody in the village had ever",
    "seen but the miller, who never spoke of it.",
)


def kinds(page: Page) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in with_blocks(page).blocks]


def names(page: Page) -> list[str]:
    return [kind for kind, _ in kinds(page)]


def test_running_heads_of_a_page_that_lies_upside_down_stand_above_its_text() -> None:
    lines = (written("Annual report 17", 300, 30), *rows(*PROSE, top=120), *rows(*PROSE, top=300))
    page = page_of(*(_upside_down(line) for line in lines))
    assert kinds(page)[0] == ("header", "Annual report 17")


def test_a_caption_that_sags_over_a_table_on_a_curled_sheet_is_read_before_it() -> None:
    """Its box reaches over the table's head, at the sides of the sheet; the table's area over the caption."""
    caption = written("Table 2 Mills and wheels by the river, of the valley and of the hills", 20, 300, 20)
    cells = [[written(text, left, 340 + 32 * at) for left, text in ((20, f"Mill {at}"), (380, "12"), (700, "30"))]
             for at in range(6)]  # fmt: skip
    lines = [*rows(*PROSE * 2, top=60), caption, *(cell for row in cells for cell in row), *rows(*PROSE, top=560)]
    curled = [_curled(line, 60) for line in lines]
    around = box(20, 300, 740, 560)
    polygons = [cell.polygon for cell in curled[7:-3]]
    table = Table(
        cells=tuple(Cell(text="x", row=at // 3, column=at % 3, polygon=one) for at, one in enumerate(polygons)),
        polygon=around,
    )
    assert names(page_of(*curled, tables=[table])) == ["paragraph"] * 2 + ["caption", "table", "paragraph"]


def _curled(line: Line, rise: float) -> Line:
    """Return a line on a sheet whose middle lies lower, its box upright around all of it."""

    def lowered(polygon: Polygon) -> Polygon:
        p, q, r, s = ((x, y + rise * (1 - (x / (WIDTH / 2) - 1) ** 2)) for x, y in polygon)
        return p, q, r, s

    words = tuple(msgspec.structs.replace(word, polygon=lowered(word.polygon)) for word in line.words)
    return msgspec.structs.replace(line, polygon=box(*bounds(*(word.polygon for word in words))), words=words)


def _upside_down(line: Line) -> Line:
    """Return a line as it lies when its page is turned by half a turn."""

    def turn(polygon: Polygon) -> Polygon:
        p, q, r, s = ((WIDTH - x, HEIGHT - y) for x, y in polygon)
        return p, q, r, s

    words = tuple(msgspec.structs.replace(word, polygon=turn(word.polygon)) for word in line.words)
    return msgspec.structs.replace(line, polygon=turn(line.polygon), words=words)
