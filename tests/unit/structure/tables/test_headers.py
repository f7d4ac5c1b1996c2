"""How many rows name a table's columns."""

import pytest

from folio.structure.tables.drafts import Draft
from folio.structure.tables.headers import header_rows
from folio.structure.tables.tokens import Token

FIGURES = ["Northmill", "12", "30.5"], ["Southmill", "14", "31.0"], ["Westmill", "9", "28.5"]
SENTENCE = "a mill by the river that was built twice"


def cell(text: str, row: int, column: int, rows: int = 1, columns: int = 1) -> Draft:
    words = text.split()
    tokens = [
        Token(word, 60.0 * at, 30.0 * row, 60.0 * at + 50, 30.0 * row + 20, 0.9, row) for at, word in enumerate(words)
    ]
    return Draft(row, column, row + rows - 1, column + columns - 1, tokens)


def table(*rows: list[str], first: int = 0) -> list[Draft]:
    return [
        cell(text, row, column) for row, texts in enumerate(rows, first) for column, text in enumerate(texts) if text
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["Mill", "wide", "deep"], 1),
        (["", "wide", "deep"], 1),  # a blank corner
        (["Mill", "2019", "2020"], 1),
        (["Mill", "Q1", "Q2"], 1),
        (["Mill", "", "deep"], 0),  # a column without a name
        (["Eastmill", "16", "29.5"], 0),
    ],
)
def test_a_row_of_names_above_figures_is_a_header(header: list[str], expected: int) -> None:
    assert header_rows(table(header, *FIGURES)) == expected


def test_a_name_over_two_columns_makes_a_header_of_two_rows() -> None:
    cells = [cell("Mill", 0, 0, rows=2), cell("sizes in feet", 0, 1, columns=2), cell("wide", 1, 1), cell("deep", 1, 2)]
    assert header_rows([*cells, *table(*FIGURES, first=2)]) == 2


def test_short_names_above_sentences_are_a_header() -> None:
    body = [["North", SENTENCE], ["South", SENTENCE], ["West", SENTENCE]]
    assert header_rows(table(["Name", "What it is"], *body)) == 1
    assert header_rows(table(*body)) == 0


def test_questions_and_answers_below_each_other_have_no_header() -> None:
    assert header_rows(table(["Keeper", "A. Miller"], ["Town", "Northmill"], ["Street", "High Street"])) == 0
    rows = [
        ["Keeper", "A. Miller"],
        ["Town", "Northmill"],
        ["Street", "High"],
        ["Berths", "B. Cooper"],
        ["Since", "1990-02-01"],
    ]
    assert header_rows(table(*rows)) == 0
