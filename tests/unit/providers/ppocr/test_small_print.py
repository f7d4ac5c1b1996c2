"""Small lines of Chinese and Japanese cut out at the recognizer's height: what they show, and where they lie."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.language.languages import has_wide
from folio.providers.ppocr.lines.curved import Strip
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.page.small_print import SMALL_PX, enlarged
from folio.providers.ppocr.text.crop import crop
from folio.providers.ppocr.text.recognition import HEIGHT_PX
from folio.providers.ppocr.text.words import make_line

if TYPE_CHECKING:
    from folio.providers.ppocr.lines.detection import Corners


def corners(left: float, top: float, right: float, bottom: float) -> "Corners":
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def page() -> Grey:
    """Two bars 12 pixels wide, one across and one down, dark at their beginnings."""
    image = np.full((400, 400), 255, np.uint8)
    image[20:32, 50:350] = image[60:360, 20:32] = 128
    image[20:32, 50:80] = image[60:90, 20:32] = 0
    return image


@pytest.mark.parametrize("region", [corners(50, 20, 350, 32), corners(20, 60, 32, 360)], ids=["across", "down"])
def test_a_small_line_is_as_high_as_it_is_recognized(
    region: "Corners",
) -> None:
    line = crop(page(), region)
    shown = enlarged(page(), line)
    assert shown.image.shape == (HEIGHT_PX, 1200)
    assert shown.image[6:42, 4:110].max() < 20
    assert abs(float(shown.image[6:42, 130:].mean()) - 128) < 2
    assert shown.corners is line.corners
    assert shown.is_turned is line.is_turned


def test_a_short_line_keeps_its_shape_by_which_it_is_told_how_it_lies() -> None:
    for length in (12, 40):
        line = crop(page(), corners(20, 60, 32, 60 + length))
        shown = enlarged(page(), line)
        assert (shown.can_be_standing, shown.can_be_lying) == (line.can_be_standing, line.can_be_lying)


def test_what_is_not_small_stays_as_it_was_cut() -> None:
    line = crop(page(), corners(50, 20, 350, 20 + SMALL_PX))
    assert enlarged(page(), line) is line


def test_a_bent_line_is_laid_straight_at_once() -> None:
    edges = np.array([[(50, 20), (200, 20), (350, 20)], [(50, 32), (200, 32), (350, 32)]], np.float32)
    shown = enlarged(page(), crop(page(), Strip(edges)))
    assert shown.image.shape == (HEIGHT_PX, 1200)
    assert shown.image[6:42, 4:110].max() < 20
    assert shown.image[6:42, 130:].min() > 100


def test_its_words_lie_where_they_are_on_the_page() -> None:
    shown = enlarged(page(), crop(page(), corners(50, 20, 350, 32)))
    line = make_line(shown, [Character("日", 0.9, 0.0, 100.0), Character("本", 0.9, 500.0, 520.0)])
    assert line
    left = [min(x for x, _ in word.polygon) for word in line.words]
    assert 49 <= left[0] <= 52
    assert all(50 - 1 <= x <= 350 + 1 and 20 - 1 <= y <= 32 + 1 for word in line.words for x, y in word.polygon)


def test_chinese_and_japanese_among_the_languages() -> None:
    assert has_wide(("eng", "jpn"))
    assert has_wide(("chi_tra",))
    assert not has_wide(("eng", "deu"))
    assert not has_wide(("auto",))
