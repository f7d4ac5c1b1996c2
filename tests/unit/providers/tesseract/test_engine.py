import pytest

from folio.models import PageText
from folio.providers.tesseract.engine import _page_text
from folio.transform import box

HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def word(text: str, place: str, left: int = 0, confidence: str = "96.5") -> str:
    """A row of Tesseract's; `place` is block, paragraph and line."""
    block, paragraph, line = tuple(place)
    return f"5\t1\t{block}\t{paragraph}\t{line}\t1\t{left}\t{10 * int(line)}\t20\t8\t{confidence}\t{text}"


def table(*rows: str) -> str:
    return "\n".join([HEADER, "1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t", *rows]) + "\n"


def test_a_page_without_words_is_empty() -> None:
    assert _page_text(table()) == PageText("", ())
    assert _page_text("") == PageText("", ())


def test_words_of_blank_text_are_no_words() -> None:
    assert _page_text(table(word(" ", "111"), word("", "111"))) == PageText("", ())


def test_words_keep_their_order_in_lines_and_lines_in_paragraphs() -> None:
    read = _page_text(
        table(
            word("one", "111"), word("two", "111", 30), word("three", "112"), word("four", "121"), word("five", "211")
        )
    )
    assert read.text == "one two\nthree\n\nfour\n\nfive"
    assert [line.text for line in read.lines] == ["one two", "three", "four", "five"]
    assert [word.text for word in read.lines[0].words] == ["one", "two"]


def test_the_levels_above_the_word_are_not_read_as_words() -> None:
    assert _page_text(table("4\t1\t1\t1\t1\t0\t0\t0\t50\t8\t-1\t", word("a", "111"))).text == "a"


@pytest.mark.parametrize(
    ("told", "confidence"), [("0", 0.0), ("96.5", 0.965), ("100", 1.0), ("100.2", 1.0), ("-1", None)]
)
def test_confidence_runs_from_0_to_1_or_is_unknown(told: str, confidence: float | None) -> None:
    read = _page_text(table(word("a", "111", confidence=told)))
    assert read.lines[0].words[0].confidence == confidence
    assert read.lines[0].confidence == confidence


def test_a_line_is_as_sure_as_its_words_by_length() -> None:
    read = _page_text(table(word("abc", "111", confidence="100"), word("d", "111", 30, confidence="0")))
    assert read.lines[0].confidence == 0.75


def test_polygons_run_clockwise_and_a_line_encloses_its_words() -> None:
    read = _page_text(table(word("a", "111", 5), word("b", "111", 40)))
    assert read.lines[0].words[0].polygon == ((5, 10), (25, 10), (25, 18), (5, 18))
    assert read.lines[0].polygon == ((5, 10), (60, 10), (60, 18), (5, 18))


def test_chinese_words_are_joined_without_spaces() -> None:
    assert _page_text(table(word("发", "111"), word("票", "111", 22))).text == "发票"


def test_text_may_look_like_anything() -> None:
    # Tesseract writes quotes as they are: this is no CSV.
    assert _page_text(table(word('"quoted', "111"), word("-1", "111", 30))).text == '"quoted -1'


def column(number: int, left: int, *words: tuple[str, int, int]) -> list[str]:
    """A column from 100 to 300, 40 wide, and its words (text, top, height) in boxes that reach beyond it."""
    rows = [f"5\t1\t1\t1\t{number}\t1\t{left - 20}\t{top}\t80\t{high}\t90\t{text}" for text, top, high in words]
    return [f"4\t1\t1\t1\t{number}\t0\t{left}\t100\t40\t200\t-1\t", *rows]


def test_columns_of_vertical_text_are_lines_and_their_words_share_them_by_characters() -> None:
    first = column(1, 420, ("床", 100, 120), ("明月", 230, 40), ("光", 290, 10))
    read = _page_text(table(*first, *column(2, 356, ("举", 100, 100), ("AB", 210, 90))), vertical=True)
    assert read.text == "床明月光\n举AB"
    assert [line.polygon for line in read.lines] == [box(420, 100, 460, 300), box(356, 100, 396, 300)]
    words = [word for line in read.lines for word in line.words]
    assert [word.polygon[0][1] for word in words] == [100, 150, 250, 100, 200]
    assert [word.polygon[2] for word in words] == [(460, 150), (460, 250), (460, 300), (396, 200), (396, 300)]
    assert {word.confidence for word in words} == {0.9}


def test_boxes_of_horizontal_text_stay_as_they_are() -> None:
    read = _page_text(table(*column(1, 420, ("床", 100, 120))))
    assert read.lines[0].words[0].polygon == box(400, 100, 480, 220)
