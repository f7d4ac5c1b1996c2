import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio.models import Line
from folio.providers.cloud.lines import Unit, clamped, line, page_text, percent, polygon_of
from folio.transform import Polygon, box

BOX = box(0, 0, 200, 20)


def units(text: str, confidence: float | None = 0.9) -> list[Unit]:
    """A unit for each character that is seen, ten pixels wide each, spaces too."""
    return [
        Unit(sign, box(10 * place, 0, 10 * place + 10, 20), confidence)
        for place, sign in enumerate(text)
        if sign.strip()
    ]


def words(text: str, given: list[Unit]) -> list[str]:
    return [word.text for word in line(text, 0.9, BOX, given).words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello world", ["Hello", "world"]),
        ("Hello  world ", ["Hello", "world"]),
        ("发票代码", ["发票代码"]),
        ("发票 代码", ["发票", "代码"]),
        ("发票No12代码", ["发票", "No12", "代码"]),
        ("¥1,234.00", ["¥1,234.00"]),
        ("a", ["a"]),
        ("ひらがなab", ["ひらがな", "ab"]),
    ],
)
def test_words_stand_between_spaces_and_between_scripts(text: str, expected: list[str]) -> None:
    assert words(text, units(text)) == expected


def test_a_word_is_boxed_by_its_characters_and_as_sure() -> None:
    given = [Unit("a", box(0, 2, 10, 20), 0.8), Unit("b", box(12, 0, 20, 18), 0.4), Unit("c", box(40, 0, 50, 20))]
    first, second = line("ab c", None, BOX, given).words
    assert (first.polygon, first.confidence) == (box(0, 0, 20, 20), 0.6)
    assert (second.polygon, second.confidence) == (box(40, 0, 50, 20), None)


@pytest.mark.parametrize(
    "given",
    [
        [],
        units("Hello"),
        units("Hello there"),
        units("Hello worlds"),
        units("world Hello"),
        [Unit(" ", BOX), Unit("", BOX)],
        [Unit("?", BOX)],
    ],
)
def test_where_the_characters_are_not_the_texts_own_the_line_is_one_word(given: list[Unit]) -> None:
    (word,) = line("Hello world", 0.7, BOX, given).words
    assert (word.text, word.polygon, word.confidence) == ("Hello world", BOX, 0.7)


def test_several_characters_may_come_as_one() -> None:
    given = [Unit("Hel", box(0, 0, 30, 20)), Unit("lo", box(30, 0, 50, 20)), Unit(" wor ", box(60, 0, 90, 20)),
             Unit("ld", box(90, 0, 110, 20))]  # fmt: skip
    assert words("Hello world", given) == ["Hello", "world"]


@given(st.text(st.sampled_from("ab中文 1,。"), min_size=1, max_size=20))
def test_of_a_text_nothing_is_lost_or_doubled(text: str) -> None:
    found = words(text, units(text))
    if text.strip():
        assert "".join(found) == "".join(text.split())
    else:
        assert found == [text]


def test_a_slanting_word_goes_from_the_start_of_its_first_to_the_end_of_its_last_character() -> None:
    def slanted(step: int) -> Polygon:
        return (step, step), (step + 10, step + 10), (step, step + 20), (step - 10, step + 10)

    (word,) = line("abc", 0.9, BOX, [Unit(sign, slanted(10 * step)) for step, sign in enumerate("abc")]).words
    assert word.polygon == ((0, 0), (30, 30), (20, 40), (-10, 10))


def test_a_word_on_its_head_keeps_the_order_of_its_corners() -> None:
    def turned(right: int) -> Polygon:
        return (right, 20), (right - 10, 20), (right - 10, 0), (right, 0)

    (word,) = line("ab", 0.9, BOX, [Unit("a", turned(100)), Unit("b", turned(90))]).words
    assert word.polygon == ((100, 20), (80, 20), (80, 0), (100, 0))


def test_paragraphs_are_set_apart() -> None:
    lines = [Line(text, None, BOX, ()) for text in "abcd"]
    assert page_text(lines).text == "a\nb\nc\nd"
    assert page_text(lines, [0, 0, 1, 2]).text == "a\nb\n\nc\n\nd"
    assert page_text([]).text == ""
    assert page_text(iter(lines), [1, 1, 1, 1]).lines == tuple(lines)


@pytest.mark.parametrize(
    ("value", "of_percent", "of_share"),
    [(0, 0, 0), (99, 0.99, None), (100, 1, None), (0.5, 0.005, 0.5), (101, None, None), (-1, None, None),
     (None, None, None), (math.nan, None, None), (math.inf, None, None)],
)  # fmt: skip
def test_a_confidence_lies_between_0_and_1_or_is_unknown(
    value: float | None, of_percent: float | None, of_share: float | None
) -> None:
    assert percent(value) == of_percent
    assert clamped(value) == of_share


@pytest.mark.parametrize("count", [0, 1, 3, 5])
def test_a_polygon_has_four_points(count: int) -> None:
    assert polygon_of([(0.0, 0.0)] * count) is None
    assert polygon_of(list(BOX)) == BOX
