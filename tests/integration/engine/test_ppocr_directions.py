"""PP-OCR's reading of pages with few words: whichever way they lie, and however large they are."""

from pathlib import Path

import numpy as np
import pytest

from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.models import PageText
from folio.providers.ppocr.page.reader import read_page
from tests.support.documents.drawings import draw


def read(image: Grey, folder: Path) -> PageText:
    path = folder / "page.pgm"
    pixels.save(np.ascontiguousarray(image), path)
    return read_page(path, ("eng",))


def picture(*lines: str, size: tuple[int, int], height: int, at: tuple[int, int] = (40, 20)) -> Grey:
    return np.asarray(draw(*lines, size=size, height=height, at=at).image)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("word", ["12.50", "Yes"])
def test_a_single_short_word_is_read_whichever_way_it_lies(word: str, rotation: int, tmp_path: Path) -> None:
    image = picture(word, size=(300, 100), height=40)
    text = read(np.rot90(image, -rotation // 90), tmp_path)
    assert (text.text, text.rotation) == (word, rotation)


@pytest.mark.parametrize("character", "I17")
def test_a_narrow_character_alone_is_no_line_that_runs_downwards(character: str, tmp_path: Path) -> None:
    text = read(picture(character, size=(300, 100), height=40), tmp_path)
    assert (text.text, text.rotation) == (character, 0)


def test_a_line_that_lies_the_other_way_than_its_page_is_read(tmp_path: Path) -> None:
    lines = "Harbour lantern keeper wanted", "Market days begin early in the morning"
    upright, over = (picture(line, size=(900, 120), height=40) for line in lines)
    text = read(np.concatenate([upright, over[::-1, ::-1]]), tmp_path)
    assert text.text.split("\n\n") == list(lines)  # which lies otherwise is a paragraph of its own


@pytest.mark.parametrize("rotation", [90, 270])
def test_a_word_as_wide_as_high_is_read_as_the_page_lies(rotation: int, tmp_path: Path) -> None:
    line = picture("Harbour lantern keeper wanted", size=(900, 120), height=40)
    word = picture("all", size=(900, 120), height=40)
    text = read(np.rot90(np.concatenate([line, word]), -rotation // 90), tmp_path)
    assert (text.text.splitlines(), text.rotation) == (["Harbour lantern keeper wanted", "all"], rotation)


@pytest.mark.slow("a page is shown to the detector at its full size")
def test_letters_as_large_as_a_poster_are_read_with_the_small_print_below_them(tmp_path: Path) -> None:
    large = picture("SALE", size=(2000, 1000), height=700, at=(80, 60))
    small = picture("Harbour street", size=(2000, 200), height=60)
    text = read(np.concatenate([large, small]), tmp_path)
    assert text.text.splitlines() == ["SALE", "Harbour street"]
    assert text.lines[0].polygon[0] == pytest.approx((100, 260), abs=60)


@pytest.mark.slow("a page is shown to the detector at its full size")
def test_a_line_too_small_for_the_reduced_page_is_read_where_there_is_no_other(tmp_path: Path) -> None:
    page = np.full((2400, 3300), 255, np.uint8)
    page[300:330, 200:600] = picture("Harbour lantern 12.50", size=(400, 30), height=16, at=(6, 6))
    text = read(page, tmp_path)
    assert text.text == "Harbour lantern 12.50"
    assert text.lines[0].polygon[0] == pytest.approx((206, 312), abs=6)
