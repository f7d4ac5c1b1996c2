"""What of a page's ink looks like letters and is covered by no word."""

import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.models import Word
from folio.providers.tesseract.missed_text import find_missed_text
from folio.transform import box
from tests.support.documents.drawings import Drawing, Spot, draw

SHEET = draw("Invoice number 4217", "Total amount due", "Paid on Monday", gap=0.5)  # a line is one strip


def pixels(drawing: Drawing) -> Grey:
    return np.asarray(drawing.image).copy()


def read(spot: Spot) -> Word:
    return Word(spot.text, 0.9, box(*spot.box))


def left_out(*texts: str, sheet: Drawing = SHEET) -> list[Word]:
    return [read(spot) for spot in sheet.words if spot.text not in texts]


def test_a_page_of_covered_words_has_nothing_overlooked() -> None:
    assert find_missed_text(pixels(SHEET), left_out()).boxes == []


@pytest.mark.parametrize("spot", SHEET.words, ids=lambda spot: spot.text)
def test_a_word_that_nobody_covers_is_found_where_it_is(spot: Spot) -> None:
    found = find_missed_text(pixels(SHEET), left_out(spot.text))
    assert len(found.boxes) == 1
    assert found.boxes[0] == pytest.approx(spot.box, abs=2)


def test_of_an_unread_page_every_line_is_found_from_top_to_bottom() -> None:
    found = find_missed_text(pixels(SHEET), []).boxes
    lines = SHEET.whole_lines
    assert len(found) == len(lines)
    for one, line in zip(found, lines, strict=True):
        assert one == pytest.approx(line.box, abs=2)


def test_the_height_is_that_of_the_letters() -> None:
    assert find_missed_text(pixels(SHEET), []).height == pytest.approx(24, abs=6)


def test_ruling_lines_are_no_letters_and_do_not_tie_letters_together() -> None:
    image = pixels(SHEET)
    for y in (20, 130, 240, 350):
        image[y : y + 3, 20:980] = 0
    for x in (20, 980):
        image[20:353, x : x + 3] = 0
    found = find_missed_text(image, left_out("amount"))
    assert len(found.boxes) == 1
    assert found.boxes[0] == pytest.approx(SHEET.words[4].box, abs=2)
    assert found.rules[21, 500]
    assert found.rules[200, 21]
    assert find_missed_text(image, left_out()).boxes == []


def test_a_table_without_text_has_nothing_overlooked() -> None:
    image = np.full((400, 600), 255, np.uint8)
    image[50:350:60, 20:580] = 0
    image[50:350, 20:580:80] = 0
    assert find_missed_text(image, []).boxes == []


@pytest.mark.parametrize(("top", "bottom"), [(100, 390), (0, 400)])
def test_a_picture_is_no_letter(top: int, bottom: int) -> None:
    image = pixels(SHEET)
    image[top:bottom, 700:990] = 60
    assert find_missed_text(image, left_out()).boxes == []


def test_specks_are_no_letters() -> None:
    image = pixels(SHEET)
    image[350:395:9, 50:950:13] = 0
    assert find_missed_text(image, left_out()).boxes == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (50, 70)], ids=str)
@pytest.mark.parametrize("shade", [0, 128, 255])
def test_paper_of_any_shape_and_shade_has_nothing_overlooked(shape: tuple[int, int], shade: int) -> None:
    found = find_missed_text(np.full(shape, shade, np.uint8), [])
    assert found.boxes == []
    assert found.rules.shape == shape


def test_the_image_is_not_changed_and_words_may_reach_over_its_edge() -> None:
    image = pixels(SHEET)
    before = image.copy()
    find_missed_text(image, [Word("edge", 0.9, box(-20, -20, 30, 30)), Word("far", 0.9, box(990, 390, 1200, 500))])
    assert np.array_equal(image, before)
