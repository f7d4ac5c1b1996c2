"""Headers whose names take several lines, told by the lines above and below them."""

import pytest

from folio.models import Line
from folio.structure.tables.find import find_tables
from folio.structure.tables.rules import Rule, Rules
from tests.support.pages import page_of, written

LEFTS = (50, 300, 560)
NAMES = (
    ((150, "Name of the miller,"), (162, "of the tenant"), (174, "or of the widow")),
    ((144, "Post or railway"), (156, "station, with"), (168, "how far it is"), (180, "away")),
    ((150, "What is made"), (162, "there, such as"), (174, "bricks or beer")),
)
ROWS = (
    ("Miller", "Northbridge", "Bricks"),
    ("Cooper", "Southbridge", ""),
    ("Wheeler", "do.", "Beer"),
    ("Weir", "Westbridge", ""),
)
ABOVE, BELOW, END = 130, 205, 360


def header(names: tuple[tuple[tuple[float, str], ...], ...] = NAMES) -> list[Line]:
    return [written(text, left, top, 10) for left, name in zip(LEFTS, names, strict=True) for top, text in name]


def body(first: float = 218) -> list[Line]:
    return [
        written(text, left, first + 25 * row, 10)
        for row, texts in enumerate(ROWS)
        for left, text in zip(LEFTS, texts, strict=True)
        if text
    ]


def table_of(lines: list[Line], *heights: float, width: float = 760) -> list[list[str]]:
    rules = Rules([Rule(at, 40, width) for at in heights])
    found = find_tables(page_of(*lines), lambda *_: [rules])
    rows: dict[int, list[str]] = {}
    for table in found:
        for cell in table.cells:
            rows.setdefault(cell.row, []).append(cell.text)
    return [rows[row] for row in sorted(rows)]


def test_names_between_two_lines_are_one_row_though_white_space_parts_them_from_the_table() -> None:
    names = [" ".join(text for _, text in name) for name in NAMES]
    assert table_of([*header(), *body()], ABOVE, BELOW, END)[0] == names


def test_a_running_head_above_the_upper_line_is_no_part_of_the_header() -> None:
    lines = [written("Mills", 300, 100, 10), written("17", 740, 100, 10), *header(), *body()]
    assert table_of(lines, ABOVE, BELOW, END)[0][0].startswith("Name of the miller")


@pytest.mark.parametrize("heights", [(), (BELOW, END), (ABOVE, END), (ABOVE, 160, BELOW, END)])
def test_without_a_line_above_and_one_below_rows_stay_rows(heights: tuple[float, ...]) -> None:
    names = [" ".join(text for _, text in name) for name in NAMES]
    assert names not in table_of([*header(), *body()], *heights)


def test_a_short_line_below_the_names_of_some_columns_is_not_the_end_of_the_header() -> None:
    names = [" ".join(text for _, text in name) for name in NAMES]
    assert names not in table_of([*header(), *body()], ABOVE, BELOW, END, width=400)


def test_rows_of_whole_texts_between_two_lines_stay_rows() -> None:
    """None of them goes on with the one above: all begin with a capital."""
    names = (((166, "Mill"), (184, "Bridge")), ((166, "North"), (184, "South")), ((166, "Bricks"), (184, "Beer")))
    assert table_of([*header(names), *body()], ABOVE, BELOW, END)[:2] == [
        ["Mill", "North", "Bricks"],
        ["Bridge", "South", "Beer"],
    ]
