"""How large a page is shown to the detector, by its letters: drawn as blocks."""

import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.scale import FULL_SIDE_PX, detection_scale


def page(*heights: int, longest: int = 1600) -> Grey:
    """Ten rows of words of three blocks of the given heights in turn, on white."""
    image = np.full((longest, longest * 3 // 4), 255, np.uint8)
    words = [(row, column) for row in range(10) for column in range(20)]
    for index, (row, column) in enumerate(words):
        height = heights[index % len(heights)]
        for letter in range(3):
            top, left = 20 + row * 140, 20 + column * 55 + letter * height * 5 // 8
            image[top : top + height, left : left + height // 2] = 0
    return image


def with_dots(image: Grey, step_px: int) -> Grey:
    """Return it with rows of dots of ten pixels between its own."""
    image = image.copy()
    for top in range(160, 2800, 280):
        for left in range(40, 2100, step_px):
            image[top : top + 10, left : left + 10] = 0
    return image


@pytest.mark.parametrize(
    ("height", "side"), [(8, 1600), (10, 1280), (30, 960)], ids=["small print", "a letter", "large print"]
)
def test_pages_are_shown_as_large_as_their_letters_need(height: int, side: int) -> None:
    assert detection_scale(page(height)).side == side


def test_some_small_letters_among_larger_ones_decide() -> None:
    assert detection_scale(page(8, 20, 20)).side == FULL_SIDE_PX


def test_dots_that_stand_apart_are_no_letters() -> None:
    scan = np.kron(page(20), np.ones((2, 2), np.uint8))
    assert detection_scale(with_dots(scan, step_px=90)).side == 1066


def test_dots_that_stand_as_close_as_letters_do_are_letters() -> None:
    scan = np.kron(page(20), np.ones((2, 2), np.uint8))
    assert detection_scale(with_dots(scan, step_px=16)).side == FULL_SIDE_PX


def test_a_page_of_which_most_is_dots_is_not_reduced() -> None:
    scan = np.kron(page(20), np.ones((2, 2), np.uint8))
    assert detection_scale(with_dots(scan, step_px=30)).side == FULL_SIDE_PX


def test_of_a_larger_scan_the_letters_are_smaller_in_what_is_shown() -> None:
    assert detection_scale(page(20, longest=3200)).side == pytest.approx(1280, abs=1)


def test_a_small_image_is_not_enlarged() -> None:
    assert detection_scale(page(8, longest=1500)).side == 1500
    assert detection_scale(np.full((60, 400), 255, np.uint8)).side == 400


def test_of_a_few_letters_nothing_is_said() -> None:
    image = page(30)
    image[100:] = 255
    assert detection_scale(image).side == FULL_SIDE_PX


def test_letters_of_a_page_beyond_the_usual_sizes_are_shown_no_smaller() -> None:
    large = np.full((7000, 5000), 255, np.uint8)
    assert detection_scale(large).side == pytest.approx(7000 * 1600 / 4200, abs=1)


def test_a_long_strip_is_shown_as_large_as_its_pixels_allow() -> None:
    assert detection_scale(np.full((20_000, 200), 255, np.uint8)).side == pytest.approx(13_459, abs=1)
    assert detection_scale(np.full((5000, 100), 255, np.uint8)).side == 5000
