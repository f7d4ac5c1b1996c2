"""Tables in a column beside text."""

from folio.models import Line
from folio.structure.tables.find import find_tables
from folio.structure.tables.rules import Rules
from tests.support.pages import page_of, rows, written

PROSE = (
    "The river ran past the mill and under the", "old stone bridge, and from there on to the",
    "sea, which nobody in the village had ever", "seen but the miller, who never spoke of it",
    "to anybody but his horse, a grey one, which", "stood in the meadow behind the house.",
) * 2  # fmt: skip
LABELS = ("Wheat", "Rye", "Barley", "Oats", "Maize", "Hay")


def figures(top: float = 100, pitch: float = 31) -> list[Line]:
    """Rows of a name and three figures, which stand on no lines of the text beside them."""
    return [
        written(text, left, top + pitch * at)
        for at, label in enumerate(LABELS)
        for left, text in ((50, label), (180, f"{at}.5"), (260, f"1{at}"), (340, f"({at}2)"))
    ]


def texts_of(*lines: Line) -> list[list[str]]:
    return [[cell.text for cell in table.cells] for table in find_tables(page_of(*lines), lambda *_: [Rules()])]


def test_a_table_in_a_column_has_no_words_of_the_text_beside_it() -> None:
    (table,) = texts_of(*figures(), *rows(*PROSE, left=450))
    assert table == [line.text for line in figures()]


def test_a_headline_above_is_none_of_its_rows() -> None:
    headline = [written("North", 50, 50, 40), written("Mill", 260, 50, 40)]
    (table,) = texts_of(*headline, *figures(), *rows(*PROSE, left=450))
    assert table == [line.text for line in figures()]


def test_figures_beside_figures_are_one_table() -> None:
    more = [written(text, left, 100 + 31 * at) for at, text in enumerate(LABELS[:4]) for left in (430, 530)]
    (table,) = texts_of(*figures(), *more)
    assert len(table) == len(figures()) + len(more)


def test_chinese_text_beside_a_table_has_lines_of_one_word() -> None:
    """Text layers have no spaces."""
    text = [f"{at}公司主要产品的销量比上年有所增长" for at in "甲乙丙丁戊己庚辛"]
    (table,) = texts_of(*figures(), *rows(*text, left=440))
    assert table == [line.text for line in figures()]
