from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from folio import config
from folio.models import PageImage, Transform
from folio.preprocess import (
    MAX_LONG_SIDE,
    RECIPES,
    SMALL_TEXT,
    Step,
    binarize,
    denoise,
    letter_height,
    normalize_dpi,
    prepare,
)

if TYPE_CHECKING:
    from folio.preprocess import Grey

STEPS = [denoise, binarize, normalize_dpi]
noise = arrays.arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24)))


def paper(height: int = 60, width: int = 90) -> "Grey":
    return np.full((height, width), 230, np.uint8)


def print_of(letter: int, height: int = 200, width: int = 300) -> "Grey":
    """Paper with rows of bars of one height, as letters are."""
    image = paper(height, width)
    for top in range(4, height - letter, 2 * letter):
        for left in range(4, width - letter, letter):
            image[top : top + letter, left : left + letter // 2] = 20
    return image


# Noise seldom has letters; half of the examples are print, of which some is enlarged.
images = noise | st.integers(4, 20).map(print_of)


def page_of(image: "Grey", folder: Path, to_page: Transform | None = None, dpi: float | None = 72) -> PageImage:
    """A grey PGM file, written by hand: what is tested does not write its own input."""
    height, width = image.shape
    path = folder / "page1.pgm"
    path.write_bytes(f"P5 {width} {height} 255\n".encode() + image.tobytes())
    back = to_page or Transform()
    return PageImage(number=1, path=path, width=width, height=height, dpi=dpi, to_page=back)


@pytest.mark.parametrize("step", STEPS)
@given(image=images)
@settings(max_examples=40)
def test_a_step_leaves_its_input_alone_and_gives_a_grey_image(step: Callable[["Grey"], Step], image: "Grey") -> None:
    before = image.copy()
    outcome = step(image)
    assert np.array_equal(image, before)
    assert outcome.image.dtype == np.uint8
    assert outcome.image.ndim == 2


@pytest.mark.parametrize("step", STEPS)
@given(image=images)
@settings(max_examples=40)
def test_the_way_back_leads_from_corner_to_corner(step: Callable[["Grey"], Step], image: "Grey") -> None:
    outcome = step(image)
    (new_height, new_width), (height, width) = outcome.image.shape, image.shape
    assert outcome.back.point((new_width, new_height)) == pytest.approx((width, height))
    assert outcome.back.point((0, 0)) == (0, 0)


@given(image=images)
def test_binarize_leaves_only_black_and_white(image: "Grey") -> None:
    assert set(np.unique(binarize(image).image)) <= {0, 255}


def test_binarize_keeps_ink_black_and_paper_white() -> None:
    image = paper()
    image[10:20, 10:20] = 60
    read = binarize(image).image
    assert (read[10:20, 10:20] == 0).all()
    assert (read == 255).sum() == image.size - 100


def test_binarize_does_not_blacken_a_blank_page() -> None:
    assert (binarize(paper()).image == 255).all()


def test_denoise_quietens_a_speckle_and_keeps_the_mean() -> None:
    image = paper()
    image[20, 30] = 0
    read = denoise(image).image
    assert read[20, 30] > 150
    assert abs(float(read.mean()) - float(image.mean())) < 1


@pytest.mark.parametrize("height", [4, 8, 11, 12, 30, 100])
def test_the_height_of_letters_is_measured(height: int) -> None:
    assert letter_height(print_of(height, 400, 400)) == height


def test_rules_specks_and_pictures_are_no_letters() -> None:
    image = paper(400, 400)
    image[10:13, :] = 0
    image[50, 50] = 0
    image[200:380, 200:380] = 0
    assert letter_height(image) == 0
    assert letter_height(paper()) == 0


@pytest.mark.parametrize("letter", [5, SMALL_TEXT - 1])
def test_small_print_is_enlarged(letter: int) -> None:
    outcome = normalize_dpi(print_of(letter))
    assert outcome.done
    assert letter_height(outcome.image) == pytest.approx(2 * letter, abs=1)


@pytest.mark.parametrize(
    "image", [print_of(SMALL_TEXT), print_of(30), paper(), print_of(8, 40, MAX_LONG_SIDE + 1)], ids=str
)
def test_large_print_large_pages_and_blank_pages_are_left_as_they_are(image: "Grey") -> None:
    outcome = normalize_dpi(image)
    assert not outcome.done
    assert outcome.image is image


def test_ink_in_the_enlarged_image_maps_back_to_where_it_was() -> None:
    image = paper()
    image[21:29, 40:44] = 0
    outcome = normalize_dpi(image)
    rows, columns = np.nonzero(outcome.image < 100)
    assert outcome.back.point((int(columns.min()), int(rows.min()))) == pytest.approx((40, 21), abs=0.5)
    assert outcome.back.point((int(columns.max()) + 1, int(rows.max()) + 1)) == pytest.approx((44, 29), abs=0.5)


def test_there_is_a_recipe_for_every_name_in_the_options() -> None:
    assert set(RECIPES) == set(config.RECIPES)


def test_without_steps_the_page_is_handed_on(tmp_path: Path) -> None:
    page = page_of(print_of(8), tmp_path)
    assert prepare(page, "none", tmp_path) is page


def test_where_no_step_has_to_do_anything_the_page_is_handed_on(tmp_path: Path) -> None:
    page = page_of(print_of(30), tmp_path)
    assert prepare(page, "auto", tmp_path) is page


def test_a_prepared_page_is_a_new_file_and_names_its_steps(tmp_path: Path) -> None:
    page = page_of(paper(), tmp_path)
    before = page.path.read_bytes()
    prepared = prepare(page, "classic", tmp_path)
    assert prepared.steps == ("denoise", "binarize")
    assert prepared.path != page.path
    assert prepared.path.read_bytes().startswith(b"P5")
    assert page.path.read_bytes() == before


def test_an_enlarged_page_keeps_its_measures_and_knows_the_way_to_the_source(tmp_path: Path) -> None:
    page = page_of(print_of(8, 100, 150), tmp_path, Transform((1, 0, 70, 0, 1, 30, 0, 0, 1)), dpi=150)
    prepared = prepare(page, "auto", tmp_path)
    assert prepared.dpi == 150
    assert prepared.to_page.point((300, 200)) == pytest.approx((150 + 70, 100 + 30))
    assert (prepared.width, prepared.height) == (page.width, page.height)
