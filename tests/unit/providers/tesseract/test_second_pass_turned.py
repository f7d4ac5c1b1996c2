"""A second pass turns a page that lies on its head or its side."""

from pathlib import Path

import msgspec
import pytest

from folio.models import PageImage, PageText, Word
from folio.text.geometry import join_words
from folio.transform import Polygon, box
from tests.support.documents.drawings import Drawing, Spot, corners, off
from tests.support.second_pass import CLOSE, SHEET, Read, first_read, look, nobody, reads, text_of, words_of


def about(sheet: Drawing, text: PageText, size: tuple[int, int]) -> PageText:
    """The same words as somebody sees them who has turned the page by 180 degrees."""
    width, height = size

    def turn(word: Word) -> Word:
        (left, top), _, (right, bottom), _ = word.polygon
        return msgspec.structs.replace(word, polygon=box(width - right, height - bottom, width - left, height - top))

    return text_of([join_words(tuple(turn(word) for word in line.words)) for line in text.lines])


def upside_down(turned_confidence: float, *left_out: str) -> tuple[Drawing, PageText, Read, list[str]]:
    """A page on its head, what is read of it at first, who reads it then, and how often they were asked."""
    asked: list[str] = []
    page = Drawing(SHEET.image.rotate(180), SHEET.lines)
    first = about(page, first_read(sheet=SHEET, **{spot.text: 0.3 for spot in SHEET.words}), SHEET.image.size)

    def read(image: PageImage, psm: str) -> PageText:
        asked.append(psm)
        if psm == "3":
            return first_read(*left_out, sheet=SHEET, **{spot.text: turned_confidence for spot in SHEET.words})
        return reads(*((text, 0.95) for text in left_out))(image, psm)

    return page, first, read, asked


def turned_corners(spot: Spot) -> Polygon:
    width, height = SHEET.image.size
    (a, b), (c, d), (e, f), (g, h) = corners(spot.box)
    return (width - a, height - b), (width - c, height - d), (width - e, height - f), (width - g, height - h)


@pytest.mark.parametrize("left_out", [(), ("Total", "amount", "due"), ("Paid", "on", "Monday")])
def test_a_page_on_its_head_is_read_the_other_way_round(left_out: tuple[str, ...], tmp_path: Path) -> None:
    page, first, read, asked = upside_down(0.9, *left_out)
    after = look(tmp_path, first, read, page)
    assert asked == (["3", "6"] if left_out else ["3"])
    assert after.rotation == 180
    assert after.text == "\n".join(spot.text for spot in SHEET.whole_lines)
    for word, spot in zip(words_of(after), SHEET.words, strict=True):
        assert off(word.polygon, turned_corners(spot)) <= CLOSE, "it begins where the text begins"


def test_a_page_that_is_no_surer_the_other_way_round_stays_as_it_is(tmp_path: Path) -> None:
    page, first, read, _ = upside_down(0.3)

    def once(image: PageImage, psm: str) -> PageText:
        return read(image, psm) if psm == "3" else PageText("", ())

    after = look(tmp_path, first, once, page)
    assert after is first
    assert after.rotation == 0


def test_on_a_page_on_its_side_words_begin_where_the_text_begins(tmp_path: Path) -> None:
    height = SHEET.image.height
    page = Drawing(SHEET.image.rotate(-90, expand=True), SHEET.lines)  # clockwise by 90

    def clockwise(word: Word) -> Word:
        (left, top), _, (right, bottom), _ = word.polygon
        return msgspec.structs.replace(word, polygon=box(height - bottom, left, height - top, right))

    lines = [join_words(tuple(clockwise(word) for word in line.words)) for line in first_read().lines]
    after = look(tmp_path, text_of(lines), nobody, page)
    assert after.rotation == 270
    for word, spot in zip(words_of(after), SHEET.words, strict=True):
        a, b, c, d = ((height - y, x) for x, y in corners(spot.box))
        assert word.polygon == (a, b, c, d)
