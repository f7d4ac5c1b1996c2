"""Lines that run another way than most of a page's text."""

import time

from folio.models import Line, Word
from folio.structure.directions import by_direction, directions_around
from folio.structure.layout.blocks import with_blocks
from folio.structure.tables.find import find_tables
from folio.structure.tables.rules import Rules
from folio.transform import box
from tests.support.pages import page_of, rows, written

CHARACTERS = "河水从磨坊旁流过穿过古老的石桥"


def down(text: str, left: float, top: float = 100) -> Line:
    """Return a column of characters of 20 pixels."""
    place = box(left, top, left + 20, top + 20 * len(text))
    return Line(text, 0.9, place, (Word(text, 0.9, place),))


def column(count: int, right: float = 700) -> list[Line]:
    return [down(CHARACTERS, right - 40 * at) for at in range(count)]


def across(lines: list[Line]) -> list[list[str]]:
    page = page_of(*lines)
    return [[lines[index].text for index in group] for group in by_direction(page.lines)]


def test_what_runs_as_most_text_does_comes_first() -> None:
    chart = rows("Mill 12", "North 14", "South 9", "West 21")
    assert across([*chart, *column(5)]) == [[CHARACTERS] * 5, [line.text for line in chart]]


def test_a_few_lines_that_run_otherwise_stay_with_the_others() -> None:
    lines = [*rows("In the margin", "of a page"), *column(5)]
    assert across(lines) == [[line.text for line in lines]]


def test_a_figure_runs_as_what_stands_around_it() -> None:
    cells = [written(name, 50, 600 + 28 * at) for at, name in enumerate(("Mill", "North", "South", "West"))]
    figure = Line("7", 0.9, ((170, 630), (170, 650), (150, 650), (150, 630)), ())
    lines = page_of(*column(9), *cells, figure).lines
    around = by_direction(lines, directions_around(lines))
    assert [[lines[index].text for index in group][-1] for group in around] == [CHARACTERS, "7"]


def test_many_figures_take_no_longer_than_a_few() -> None:
    """Four times the lines take about four times as long; sixteen times where each is compared with all others."""

    def spent(count: int) -> float:
        lines = [
            *(written(f"Pipe {at}", 90.0 * (at % 20), 30.0 * at) for at in range(count // 8)),
            *(down("河水从", 20.0 * (at % 90), 70.0 * at) for at in range(count // 8)),
            *(written("7", 17.0 * (at % 99), 11.0 * at) for at in range(count - count // 4)),
        ]
        started = time.process_time()
        directions_around(lines)
        return time.process_time() - started

    spent(100)  # what the first page alone loads
    assert min(spent(2000) for _ in range(3)) < 9 * min(spent(500) for _ in range(3))


def test_no_lines_are_one_group() -> None:
    assert by_direction([]) == [[]]


def test_blocks_of_charts_beside_columns_of_characters_come_last_and_nothing_is_lost() -> None:
    chart = rows("Mill wheels in the valley", "North of the bridge", "South of the bridge", "West of the old town")
    page = with_blocks(page_of(*chart, *column(9)))
    texts = [block.text for block in page.blocks]
    assert "".join(texts).startswith(CHARACTERS * 9)
    assert sorted(index for block in page.blocks for index in block.lines) == list(range(len(page.lines)))


def test_tables_across_a_page_of_columns_of_characters_are_found_and_their_words_said_once() -> None:
    table = [
        written(text, left, 600 + 28 * at)
        for at, row in enumerate(
            [("Mill", "12", "30"), ("North", "14", "31"), ("South", "9", "28"), ("West", "7", "21")]
        )
        for text, left in zip(row, (50, 300, 500), strict=True)
    ]
    page = page_of(*column(12), *table, *rows("Height and width", "of the mills", "in the valley", "of the river"))
    page = page_of(*page.lines, tables=find_tables(page, lambda *_: [Rules()]))
    assert [[cell.text for cell in found.cells] for found in page.tables] == [[line.text for line in table]]
    blocks = with_blocks(page).blocks
    assert sorted(index for block in blocks for index in block.lines) == list(range(len(page.lines)))
    assert sum("North" in block.text for block in blocks) == 1
