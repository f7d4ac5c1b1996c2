"""Columns of prose above or below a table whose columns go on in theirs."""

import pytest

from tests.unit.text.test_reading_order import HEIGHT, LEADING, Piece, column, names, piece, read

_ROWS = 12


def cells(name: str, left: float, top: float, *, has_label: bool, columns: int = 2) -> list[Piece]:
    """Rows of figures in a column of the page, the first one a label if asked."""
    pieces = []
    for row in range(_ROWS):
        for at in range(columns):
            text = f"{name}{row} Bolts" if has_label and not at else f"{row}{at}.{row + at}0"
            pieces.append(piece(text, left + at * 90, top + row * LEADING))
    return pieces


def table(top: float) -> list[Piece]:
    """A table across two columns of prose, white space between which goes on in it."""
    return [*cells("t", 20, top, has_label=True), *cells("", 280, top, has_label=False, columns=3)]


ROWS = [[f"t{row}", f"{row}1.{row + 1}0", *(f"{row}{at}.{row + at}0" for at in range(3))] for row in range(_ROWS)]
TITLE = piece("A title of the whole page and of both of its columns", 20, 0, 500)


@pytest.mark.parametrize("lines", [7, 30])
def test_prose_above_a_table_is_read_column_by_column_and_the_table_row_by_row(lines: int) -> None:
    pieces = [TITLE, *column("l", 20, 30, lines), *column("r", 280, 30, lines), *table(38 + lines * LEADING)]
    assert read(pieces) == [["A"], *names("l", lines), *names("r", lines), *ROWS]


@pytest.mark.parametrize("lines", [7, 30])
def test_prose_below_a_table_is_read_column_by_column_and_the_table_row_by_row(lines: int) -> None:
    start = 30 + _ROWS * LEADING + 8
    pieces = [TITLE, *table(30), *column("l", 20, start, lines), *column("r", 280, start, lines)]
    assert read(pieces) == [["A"], *ROWS, *names("l", lines), *names("r", lines)]


def test_a_table_between_prose_parts_it() -> None:
    after = 30 + (7 + _ROWS) * LEADING + 16
    above = [TITLE, *column("a", 20, 30, 7), *column("b", 280, 30, 7), *table(38 + 7 * LEADING)]
    below = [*column("c", 20, after, 7), *column("d", 280, after, 7)]
    assert read(above + below) == [["A"], *names("a", 7), *names("b", 7), *ROWS, *names("c", 7), *names("d", 7)]


def test_tables_that_stand_in_columns_of_prose_stay_there() -> None:
    """Both begin with labels: they are two."""
    lines, top = 30, 30 + 30 * LEADING + HEIGHT
    tables = [*cells("m", 20, top, has_label=True), *cells("s", 280, top, has_label=True)]
    order = read([TITLE, *column("l", 20, 30, lines), *column("r", 280, 30, lines), *tables])
    assert [row[0][0] for row in order] == ["A", *"l" * lines, *"m" * _ROWS, *"r" * lines, *"s" * _ROWS]


def test_long_prose_above_and_below_a_table_does_not_outweigh_it() -> None:
    after = 30 + (30 + _ROWS) * LEADING + 16
    above = [TITLE, *column("a", 20, 30, 30), *column("b", 280, 30, 30), *table(38 + 30 * LEADING)]
    below = [*column("c", 20, after, 30), *column("d", 280, after, 30)]
    assert read(above + below) == [["A"], *names("a", 30), *names("b", 30), *ROWS, *names("c", 30), *names("d", 30)]
