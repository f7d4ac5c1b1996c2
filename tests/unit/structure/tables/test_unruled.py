"""Tables without lines, and what is none: forms, and the words of drawings."""

import pytest

from folio.models import Line
from folio.structure.tables.find import find_tables
from folio.structure.tables.rules import Rules
from tests.support.pages import page_of, written


def texts_of(*lines: Line) -> list[list[str]]:
    return [[cell.text for cell in table.cells] for table in find_tables(page_of(*lines), lambda *_: [Rules()])]


def row(top: float, *parts: tuple[float, str]) -> list[Line]:
    return [written(text, left, top) for left, text in parts]


def rows(*texts: tuple[str, ...], lefts: tuple[float, ...] = (50, 300, 500)) -> list[Line]:
    return [
        line
        for index, parts in enumerate(texts)
        for line in row(100 + 28 * index, *((left, text) for left, text in zip(lefts, parts, strict=True) if text))
    ]


def test_columns_of_figures_are_a_table() -> None:
    found = texts_of(*rows(("Mill", "wide", "deep"), ("North", "12", "30"), ("South", "14", "31"), ("West", "9", "28")))
    assert found == [["Mill", "wide", "deep", "North", "12", "30", "South", "14", "31", "West", "9", "28"]]


def test_questions_with_their_answers_are_none() -> None:
    form = ("To:", "A. Miller", "Berth: 12"), ("From:", "B. Cooper", "Tide: 3"), ("Date:", "2-Dec-97", "Depth: 14")
    assert texts_of(*rows(*form)) == []


def test_times_are_no_questions() -> None:
    trains = ("Mill 12:30", "14:10", "16:50"), ("North 12:45", "14:25", "17:05"), ("South 13:00", "14:40", "17:20")
    assert len(texts_of(*rows(*trains))) == 1


def test_the_labels_of_a_drawing_are_none() -> None:
    labels = (
        ("12", "", "30", "", "", "", ""),
        ("", "14", "", "", "9", "", ""),
        ("11", "", "31", "", "", "", ""),
        ("", "", "", "15", "", "8", "71"),
        ("10", "", "32", "", "", "", ""),
        ("", "16", "", "", "7", "", "72"),
    )
    assert texts_of(*rows(*labels, lefts=(50, 150, 250, 350, 450, 550, 650))) == []


def test_a_table_ends_at_the_fold_of_an_open_book() -> None:
    places = [("Mill", "12", "30"), ("North", "14", "31"), ("South", "9", "28"), ("West", "7", "21")] * 4
    left, right = rows(*places, lefts=(50, 200, 300)), rows(*places, lefts=(550, 700, 800))
    found = texts_of(written("22", 50, 60), *left, *right, written("23", 820, 60))
    assert found == [[text for row in places for text in row]] * 2


def test_columns_of_prose_with_wide_spaces_in_some_lines_are_none() -> None:
    """Typewritten and justified: three lines have gaps in one place, the others are one text on each side."""
    left = ["the river ran past the mill and", "under the old stone bridge, and", "from there on to the grey sea,"] * 3
    right = [
        "which nobody in the village had",
        "ever seen but the miller, and he",
        "never spoke of what he had seen",
    ] * 3
    lines = []
    for at, (one, two) in enumerate(zip(left, right, strict=True)):
        parts = [(50, one)] if at % 3 else [(50, "dures"), (140, "of"), (200, "the"), (300, "value")]
        lines += row(100 + 28 * at, *parts, (420, two))
    assert texts_of(*lines) == []


def test_labels_and_figures_that_take_turns_down_a_column_are_none() -> None:
    boxes = (
        ("Harbor office", "Sender", "Pages in all"),
        ("12 Mill Lane", "Cooper", "6"),
        ("Northport", "Voice number", "If it fails, call"),
        ("", "555-0143", "555-0144"),
        ("", "Other number", "Reference"),
        ("", "555-0145", "17-002"),
    )
    assert texts_of(*rows(*boxes)) == []


def test_words_that_say_that_there_is_no_figure_may_take_turns_with_figures() -> None:
    places = ("Mill", "none", "30"), ("North", "12", "31"), ("South", "none", "28"), ("West", "14", "20")
    assert len(texts_of(*rows(*places))) == 1


SLIP = (("MILL LANE STORES", "", ""), ("INVOICE 12", "", ""), ("TEA 250G", "1", "4.50"), ("SOAP BAR", "2", "3.00"),
        ("SUBTOTAL", "", "7.50"), ("CASH", "", "10.00"), ("CHANGE", "", "2.50"))  # fmt: skip


def test_what_stands_beside_amounts_on_a_till_slip_is_none() -> None:
    assert texts_of(*rows(*SLIP, lefts=(50, 300, 400))) == []


def test_rows_below_the_names_of_columns_are_a_table_on_a_till_slip_too() -> None:
    slip = (*SLIP[:2], ("ITEM", "QTY", "PRICE"), *SLIP[2:])
    assert len(texts_of(*rows(*slip, lefts=(50, 300, 400)))) == 1


def test_the_same_amounts_are_a_table_on_a_wide_page() -> None:
    wide = written("A line of text as wide as a page of a report has them, from one edge to the other", 50, 400)
    assert len(texts_of(*rows(*SLIP, lefts=(50, 300, 400)), wide)) == 1


def test_the_boxes_of_a_form_are_none() -> None:
    form = ("Maker", "MK 8", "Section A"), ("Length", "99 mm", "Kind 33"), ("Paper", "White", "Rod 27 mm")
    assert texts_of(*rows(*form, ("Cartons", "Blue", "Shipping"))) == []


def test_the_head_of_a_report_in_three_columns_is_none() -> None:
    """Its title stands in the first column, so that rows of all three are few; below it the columns go on."""
    words = "the river ran past the", "under the old stone", "and from there to the"
    head = row(44, (94, "Harbor Authority Review"), (778, "Autumn Issue"))
    title = [written("The Port", 94, 95, height=36), written("the Storm", 94, 132, height=36)]
    middle = [written(words[at % 3], 373, 95 + 22.3 * at + 9.6 * (at > 1)) for at in range(14)]
    right = [written(words[at % 3], 652, 95 + 22.4 * at) for at in range(14)]
    left = [
        written("1. Background", 94, 181, height=25),
        *(written(words[at % 3], 94, 215 + 22.4 * at) for at in range(9)),
    ]
    assert texts_of(*head, *title, *left, *middle, *right) == []


@pytest.mark.parametrize("order", [("prose", "table"), ("table", "prose"), ("prose", "table", "prose")])
def test_columns_of_prose_above_and_below_a_table_are_no_rows_of_it(order: tuple[str, ...]) -> None:
    """Their white space goes on in the table's."""
    text = "the river ran past the old mill and the bridge of stone"
    lines: list[Line] = []
    top = 50.0
    for kind in order:
        for at in range(8):
            cells = f"Place {at}", f"{at}1.5", f"{at}2.7", f"{at}3.9"
            lefts, parts = ((50, 250, 450, 650), cells) if kind == "table" else ((50, 420), (text, text))
            lines += [written(part, left, top, 12) for left, part in zip(lefts, parts, strict=True)]
            top += 16
    table = [text for at in range(8) for text in (f"Place {at}", f"{at}1.5", f"{at}2.7", f"{at}3.9")]
    assert texts_of(*lines) == [table]
