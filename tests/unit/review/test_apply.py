"""What people correct is corrected wherever the same characters stand, and nothing else is."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

from folio.models import Cell, Edit, Field, Line, Page, Review, Table, Word
from folio.review.apply import by_page, corrected_page, fields_on, replaced
from folio.transform import box

MORNING = datetime(2026, 11, 29, 8, tzinfo=UTC)


def line(text: str, top: int, *, whole: bool = False) -> Line:
    """A line of words of 100 pixels each; `whole`: its engine gave no words."""
    words = tuple(
        Word(word, 0.6, box(100 * index, top, 100 * index + 90, top + 20)) for index, word in enumerate(text.split())
    )
    return Line(text, 0.6, box(0, top, 90 + 100 * (len(words) - 1), top + 20), () if whole else words)


def page(*lines: Line, tables: Sequence[Table] = ()) -> Page:
    text = "\n".join(each.text for each in lines)
    return Page(number=1, width=1000, height=1000, dpi=None, text=text, lines=lines, tables=tuple(tables))


def edits(*made: tuple[str, str, str | None]) -> dict[str, Edit]:
    """Corrections (location, what was read, what is right), each a minute after the one before it."""
    review = Review(
        source="e",
        edits=tuple(
            Edit(page=1, location=location, read=read, text=text, at=MORNING + timedelta(minutes=minute))
            for minute, (location, read, text) in enumerate(made)
        ),
    )
    return by_page(review).get(1, {})


def test_a_word_is_corrected_in_its_line_and_in_the_text_and_is_sure() -> None:
    read = page(line("the tlme", 0), line("is tlme", 30))
    right = corrected_page(read, edits(("lines/1/words/1", "tlme", "time")))
    assert right.text == "the tlme\nis time"
    assert [each.text for each in right.lines] == ["the tlme", "is time"]
    assert [(word.text, word.confidence) for word in right.lines[1].words] == [("is", 0.6), ("time", 1.0)]
    assert read.text == "the tlme\nis tlme", "the reading stays"


def test_the_last_correction_of_a_place_counts_and_one_taken_back_does_not() -> None:
    read = page(line("tlme tide", 0))
    twice = edits(("lines/0/words/0", "tlme", "tine"), ("lines/0/words/0", "tlme", "time"))
    assert corrected_page(read, twice).text == "time tide"
    assert edits(("lines/0/words/0", "tlme", "time"), ("lines/0/words/0", "tlme", None)) == {}


def test_what_is_confirmed_is_sure_and_says_the_same() -> None:
    right = corrected_page(page(line("time tide", 0)), edits(("lines/0/words/0", "time", "time")))
    assert (right.text, right.lines[0].words[0].confidence) == ("time tide", 1.0)


@pytest.mark.parametrize("location", ["lines/0/words/0", "lines/7", "lines/0/words/9", "tables/0/cells/0", "fields/3"])
def test_a_correction_of_another_reading_changes_nothing(location: str) -> None:
    read = page(line("time tide", 0))
    assert corrected_page(read, edits((location, "what it once said", "other"))).text == read.text


def test_what_is_not_there_goes_with_its_space_and_an_empty_line_with_it() -> None:
    read = page(line("| the time", 0), line("~~", 30), line("is now", 60))
    right = corrected_page(read, edits(("lines/0/words/0", "|", ""), ("lines/1/words/0", "~~", "")))
    assert right.text == "the time\nis now"
    assert [[word.text for word in each.words] for each in right.lines] == [["the", "time"], ["is", "now"]]


def test_a_line_without_words_is_corrected_whole() -> None:
    read = page(line("合同编马 12", 0, whole=True))
    right = corrected_page(read, edits(("lines/0", "合同编马 12", "合同编号 12")))
    assert (right.text, right.lines[0].text, right.lines[0].words) == ("合同编号 12", "合同编号 12", ())


def sheet() -> Page:
    """A table of two cells, the second of two words."""
    cells = (
        Cell(text="Total", row=0, column=0, confidence=0.6, polygon=box(0, 0, 95, 25)),
        Cell(text="1O0 EUR", row=0, column=1, confidence=0.6, polygon=box(96, 0, 300, 25)),
    )
    return page(line("Total 1O0 EUR", 0), tables=[Table(cells=cells)])


def test_a_cell_is_corrected_in_its_words_and_a_word_in_its_cell() -> None:
    by_cell = corrected_page(sheet(), edits(("tables/0/cells/1", "1O0 EUR", "100 EUR")))
    by_word = corrected_page(sheet(), edits(("lines/0/words/1", "1O0", "100")))
    for right in (by_cell, by_word):
        assert right.text == "Total 100 EUR"
        assert [cell.text for cell in right.tables[0].cells] == ["Total", "100 EUR"]


def test_a_cell_of_more_words_than_there_were_stands_where_they_stood() -> None:
    right = corrected_page(sheet(), edits(("tables/0/cells/1", "1O0 EUR", "100 000 EUR")))
    assert [(word.text, word.bounds) for word in right.lines[0].words[1:]] == [("100 000 EUR", (100, 0, 290, 20))]
    assert right.text.split() == ["Total", "100", "000", "EUR"]


def amount(check: Literal["passed", "failed"] = "failed") -> Field:
    return Field(
        name="total", value="1O0", confidence=0.5, polygon=box(96, 0, 195, 25), provider_name="Total", check=check
    )


def test_a_field_is_corrected_in_its_word_and_a_word_in_its_field() -> None:
    other = Field(name="date", value="2026-01-02", provider_name="Date", page=2)
    for made in (("fields/1", "1O0", "100"), ("lines/0/words/1", "1O0", "100")):
        review = Review(source="e", edits=tuple(edits(made).values()))
        fields = (other, amount())
        assert corrected_page(sheet(), edits(made), fields).text == "Total 100 EUR"
        (right,) = fields_on(sheet(), fields, review)
        assert (right.value, right.confidence, right.check) == ("100", 1.0, "unchecked")


def test_a_confirmed_field_keeps_its_check() -> None:
    review = Review(source="e", edits=tuple(edits(("fields/0", "1O0", "1O0")).values()))
    (right,) = fields_on(sheet(), (amount("passed"),), review)
    assert (right.value, right.confidence, right.check) == ("1O0", 1.0, "passed")


@seed(17)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["a", "b", "cc", ""])), min_size=1, max_size=8))
def test_parts_in_their_order_are_all_replaced(parts: list[tuple[str, str]]) -> None:
    before, after = zip(*parts, strict=True)
    assert replaced(" ".join(before), before, after).split() == " ".join(after).split()
