"""Codes are looked for where no sure word is: there they are found as on the whole page, and elsewhere nothing is."""

import random
from pathlib import Path

import cv2
import numpy as np
import pytest

from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.models import Line, Page, PageImage, Word
from folio.structure.codes import codes_on, find_codes
from folio.structure.unread import code_locations, sure_words
from folio.transform import Transform, bounds, box
from tests.support.documents.codes import KINDS, WAYS, draw_code

WIDTH, HEIGHT = 1654, 2339  # A4 at 200 DPI


def image_of(grey: Grey, folder: Path, scale: float = 1.0) -> PageImage:
    """Return a page `scale` times as large as its drawing."""
    path = folder / "page.pgm"
    pixels.save(grey, path)
    height, width = grey.shape
    size = {"width": round(width * scale), "height": round(height * scale)}
    return PageImage(number=1, path=path, dpi=None, to_page=Transform.scale(scale, scale), **size)


def written() -> tuple[Grey, list[Word]]:
    """Return a page of writing in letters that are large and close enough to look like a code, and its words."""
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    words = []
    for row in range(6):
        top = 300 + 70 * row
        cv2.putText(page, "MWHBEM", (200, top + 58), cv2.FONT_HERSHEY_SIMPLEX, 2.4, (0,), 5, cv2.LINE_AA)
        words.append(Word("MWHBEM", 0.95, box(190, top - 2, 660, top + 66)))
    return page, words


def page_of(words: list[Word]) -> Page:
    lines = tuple(Line(word.text, word.confidence, word.polygon, (word,)) for word in words)
    return Page(number=1, width=WIDTH, height=HEIGHT, dpi=200, origin="ocr", status="ok", lines=lines)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_at_the_places_that_are_left_the_same_code_is_read(kind: str, way: str, tmp_path: Path) -> None:
    page = draw_code(kind, way, random.Random(f"{kind} {way}")).page
    image = image_of(page, tmp_path)
    (code,) = find_codes(page) or pytest.skip("not read on the whole page either")
    left, top, right, bottom = (round(side) for side in bounds(code.polygon))
    alone = np.full_like(page, np.median(page))
    here = np.s_[max(0, top - 25) : bottom + 25, max(0, left - 25) : right + 25]
    alone[here] = page[here]
    places = code_locations(alone, image, ())
    assert [(one.kind, one.value) for one in find_codes(page, places)] == [(code.kind, code.value)]


def test_words_that_were_read_surely_are_no_place_for_a_code(tmp_path: Path) -> None:
    page, words = written()
    image = image_of(page, tmp_path)
    assert code_locations(page, image, ())
    assert code_locations(page, image, sure_words(page_of(words))) == []
    assert codes_on(image, sure_words(page_of(words))) == ()


def test_doubtful_words_and_bars_read_as_letters_are_none_that_are_sure() -> None:
    polygon = box(0, 0, 10, 10)
    words = [Word("maybe", 0.5, polygon), Word("|IlI||", 0.99, polygon), Word("sure", 0.9, polygon)]
    assert sure_words(page_of(words)) == (polygon,)
    assert sure_words(page_of(words[:2])) == ()


def test_words_are_left_out_where_they_stand_on_a_drawing_of_another_size(tmp_path: Path) -> None:
    page, words = written()
    image = image_of(page, tmp_path, 1.5)
    larger = [Word(word.text, word.confidence, Transform.scale(1.5, 1.5).polygon(word.polygon)) for word in words]
    assert code_locations(page, image, sure_words(page_of(larger))) == []
    assert code_locations(page, image, sure_words(page_of(words)))


def test_a_code_beside_words_is_read_and_lies_on_the_page(tmp_path: Path) -> None:
    drawn = draw_code("qr_code", "printed", random.Random(3))
    (code,) = codes_on(image_of(drawn.page, tmp_path, 2.0), ())
    assert (code.kind, code.value) == (drawn.kind, drawn.value)
    x, y = sum(x for x, _ in code.polygon) / 4, sum(y for _, y in code.polygon) / 4
    assert 2 * drawn.box[0] < x < 2 * drawn.box[2]
    assert 2 * drawn.box[1] < y < 2 * drawn.box[3]
