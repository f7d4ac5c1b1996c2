"""Gaps of a line in which a wide character may stand."""

from folio.providers.ppocr.text.gaps import has_gap, has_gap_between_wide
from tests.unit.providers.ppocr.test_silent import line


def test_a_gap_is_where_something_is_written_of_which_nothing_is_said() -> None:
    for text in ("All human ...beings are", "...All human beings are", "All human beings are..."):
        image, characters = line(text)
        image.image[10:30, ::3] = 0  # strokes as dense as a Chinese character's
        assert has_gap(image.image, characters), text
        image.image[:] = 255  # a wide blank
        assert not has_gap(image.image, characters), text
    for text in ("All human beings are", "All human .beings are"):
        image, characters = line(text)
        assert not has_gap(image.image, characters), text


def test_a_row_of_dots_or_a_rule_to_write_on_is_no_gap() -> None:
    image, characters = line("All human .....beings are")
    image.image[:] = 255
    image.image[27:30] = 0
    assert not has_gap(image.image, characters)


def test_quickly_read_lines_of_wide_characters_are_asked_for_gaps_and_those_of_letters_are_not() -> None:
    for text, is_asked in (("本公司定于 二〇二", True), ("All human ...beings are", False)):
        image, characters = line(text)
        image.image[10:30, ::3] = 0
        assert has_gap_between_wide(image.image, [one for one in characters if one.text != "二"]) == is_asked
