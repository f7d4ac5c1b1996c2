"""Lines in reading order on pages that lie any way."""

import math
from itertools import chain

import pytest

from folio.models import Line, Word
from folio.providers.ppocr.page.layout import in_order
from folio.transform import Polygon, Transform, box

WAYS = {  # of an upright page of 1000 x 600, turned clockwise
    0: Transform(),
    90: Transform((0, -1, 600, 1, 0, 0, 0, 0, 1)),
    180: Transform((-1, 0, 1000, 0, -1, 600, 0, 0, 1)),
    270: Transform((0, 1, 0, -1, 0, 1000, 0, 0, 1)),
}
LINES = {
    "Prices of the year": box(100, 50, 500, 80),
    "Screws": box(100, 100, 220, 130), "4.50": box(700, 100, 780, 130),
    "Washers": box(100, 140, 240, 170), "1.20": box(700, 140, 780, 170),
    "Paid in May": box(100, 400, 320, 430),
}  # fmt: skip


def line(text: str, polygon: Polygon) -> Line:
    return Line(text, 0.9, polygon, (Word(text, 0.9, polygon),))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rows_are_lines_from_the_top_down(rotation: int) -> None:
    lines = [line(text, WAYS[rotation].polygon(polygon)) for text, polygon in reversed(LINES.items())]
    read = in_order(lines, rotation)  # type: ignore[arg-type]
    assert read.text == "Prices of the year\nScrews 4.50\nWashers 1.20\n\nPaid in May"
    assert read.rotation == rotation
    there = WAYS[rotation].polygon(box(100, 100, 780, 130))
    assert [*chain(*read.lines[1].polygon)] == pytest.approx([*chain(*there)])
    assert [word.text for word in read.lines[2].words] == ["Washers", "1.20"]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("degrees", [-10, -2, 4, 12])
def test_rows_of_a_page_that_lies_askew_stay_rows(degrees: float, rotation: int) -> None:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    askew = Transform((cosine, -sine, 300, sine, cosine, 300, 0, 0, 1)).then(WAYS[rotation])
    lines = [line(text, askew.polygon(polygon)) for text, polygon in reversed(LINES.items())]
    read = in_order(lines, rotation)  # type: ignore[arg-type]
    assert read.text == "Prices of the year\nScrews 4.50\nWashers 1.20\n\nPaid in May"
    there = askew.polygon(box(100, 100, 780, 130))
    assert [*chain(*read.lines[1].polygon)] == pytest.approx([*chain(*there)])


def test_what_runs_across_the_page_comes_last_and_parts_no_columns() -> None:
    columns = [
        line(f"{name}{at}", box(left, 50 + 30 * at, left + 300, 70 + 30 * at))
        for name, left in (("l", 50), ("r", 400))
        for at in range(9)
    ]
    turned = line("label of a chart", ((390, 100), (390, 300), (350, 300), (350, 100)))
    read = in_order([turned, *columns], 0)
    assert read.lines[-1] == turned
    assert read.text.removesuffix("\n\nlabel of a chart") == in_order(columns, 0).text


def down(text: str, left: float, top: float) -> Line:
    """Return a column of characters of 20 pixels as the engine finds it: a line that is turned."""
    right, bottom = left + 20, top + 20 * len(text)
    return line(text, ((right, top), (right, bottom), (left, bottom), (left, top)))


def test_columns_of_characters_in_two_tiers_are_no_row() -> None:
    long = [down("河水从磨坊旁流过穿过古老的石桥从那里一直流向", 700 - 40 * at, 50) for at in range(8)]
    upper, lower = down("村子里没有人见过", 380, 50), down("客人来到这里的时", 380, 250)
    assert [one.text for one in in_order([lower, *long, upper], 0).lines][-2:] == [upper.text, lower.text]


def test_cells_of_a_table_of_characters_that_lies_are_rows() -> None:
    cells = [down("河水从磨坊" if top == 50 else "旁流过", 700 - 40 * at, top) for at in range(8) for top in (50, 400)]
    assert {one.text for one in in_order(cells, 90).lines} == {"河水从磨坊 旁流过"}


def test_an_empty_page_is_empty() -> None:
    assert in_order([], 0).text == ""


def creased(column: int, row: int) -> list[Line]:
    """Return the pieces of a line that falls and rises by turns, more in the second column."""
    x, y, slope = 100.0 + 560 * column, 100.0 + 26 * row, 0.15 + 0.1 * column
    pieces = []
    for index, width in enumerate((150 + 6 * (row % 3), 210, 140 - 6 * (row % 3))):
        end = y + slope * width
        polygon = (x, y), (x + width, end), (x + width, end + 20), (x, y + 20)
        pieces.append(line(f"{'ab'[column]}{row}.{index}", polygon))
        x, y, slope = x + width + 5, end, -slope
    return pieces


def test_pieces_of_lines_that_creases_broke_are_lines_of_their_column() -> None:
    rows = [creased(column, row) for column in (0, 1) for row in range(12)]
    lines = sorted((piece for row in rows for piece in row), key=lambda piece: piece.polygon[0][1])
    assert [row.text for row in in_order(lines, 0).lines] == [" ".join(piece.text for piece in row) for row in rows]
