"""Questions and answers of forms: beside and below each other, ticked, in stacks, and as columns of lists."""

from folio.models import Line
from folio.structure.fields.find import fields_of
from tests.support.pages import page_of, written

type Pair = tuple[str, str]


def pairs(*lines: Line) -> list[Pair]:
    return [(field.provider_name, field.value) for field in fields_of(page_of(*lines), "form")[1]]


def row(top: float, *parts: tuple[float, str]) -> list[Line]:
    return [written(text, left, top) for left, text in parts]


def test_a_question_in_two_lines_is_whole() -> None:
    sheet = [written("NORTHERN", 50, 100), *row(125, (50, "OFFICES:"), (300, "Mill Street 4"))]
    assert pairs(*sheet) == [("NORTHERN OFFICES", "Mill Street 4")]


def test_a_line_with_columns_of_its_own_is_no_part_of_the_question_below() -> None:
    sheet = [
        *row(100, (50, "Keeper"), (300, "Mooring"), (500, "12")),
        *row(125, (50, "Offices:"), (300, "Mill Street 4")),
    ]
    assert ("Offices", "Mill Street 4") in pairs(*sheet)


def test_what_is_ticked_is_told_with_its_label_alone() -> None:
    sheet = row(100, (50, "REGION:"), (200, "FULL X"), (400, "PARTIAL"))
    assert pairs(*sheet) == [("FULL", "X")]
    assert ("SEP 22", "X") in pairs(*row(100, (50, "JUN 30"), (200, "SEP 22"), (400, "X")))


def test_heads_in_two_lines_belong_to_the_columns_below() -> None:
    sheet = [
        *row(100, (320, "SHIPS"), (500, "NO. OF")),
        *row(125, (50, "NAME OF HARBOR"), (300, "AT ANCHOR  "), (500, "BERTHS")),
        *row(160, (50, "Northmill"), (320, "26/2"), (500, "20")),
        *row(190, (50, "Southmill"), (320, "42/2"), (500, "15")),
        *row(220, (50, "Westmill"), (320, "16/4"), (500, "29")),
    ]
    found = pairs(*sheet)
    assert [pair for pair in found if pair[0] == "NO. OF BERTHS"] == [("NO. OF BERTHS", n) for n in ("20", "15", "29")]
    assert ("SHIPS AT ANCHOR", "42/2") in found
    assert ("NAME OF HARBOR", "Westmill") in found


def test_heads_near_each_other_are_told_by_the_columns_below() -> None:
    sheet = [
        *row(100, (50, "Harbor"), (300, "Volume"), (385, "Berths")),  # one part: the gap is less than a column's
        *(
            one
            for top, n in ((130, "31"), (160, "18"), (190, "22"))
            for one in row(top, (50, "Mill"), (300, "9/1"), (385, n))
        ),
    ]
    assert [pair for pair in pairs(*sheet) if pair[0] == "Berths"] == [("Berths", n) for n in ("31", "18", "22")]


def test_columns_without_entries_do_not_hide_a_list() -> None:
    heads = row(100, (50, "Harbor"), (200, "Volume"), (350, "Berths"), (500, "Keeper"), (650, "Notes"))
    entries = [one for top, n in ((130, "31"), (160, "18"), (190, "22")) for one in row(top, (50, "Mill"), (350, n))]
    assert [pair for pair in pairs(*heads, *entries) if pair[0] == "Berths"] == [
        ("Berths", n) for n in ("31", "18", "22")
    ]


def test_an_entry_of_several_lines_is_one() -> None:
    sheet = [
        *row(100, (50, "To"), (250, "Fax Number"), (450, "Company")),
        *row(140, (50, "A. Miller"), (250, "555-0101"), (450, "Miller, Baker")),
        written("& Sons", 450, 164),
        *row(210, (50, "B. Cooper"), (250, "555-0102"), (450, "Cooperage")),
    ]
    found = pairs(*sheet)
    assert ("Company", "Miller, Baker & Sons") in found
    assert ("Fax Number", "555-0102") in found


def test_labels_above_their_values_take_turns_with_them() -> None:
    texts = ("Company", "Cooperage", "Fax Number", "555-0103", "Voice Number", "555-0104", "Pages", "7")
    sheet = [written(text, 50, 100 + 40 * index) for index, text in enumerate(texts)]
    assert pairs(*sheet) == [
        ("Company", "Cooperage"),
        ("Fax Number", "555-0103"),
        ("Voice Number", "555-0104"),
        ("Pages", "7"),
    ]


def test_a_column_of_words_alone_is_no_stack() -> None:
    texts = ("Paper", "Tip", "Glue", "Wrap", "Rod", "Plug", "Maker", "Labels")
    assert pairs(*(written(text, 50, 100 + 40 * index) for index, text in enumerate(texts))) == []
