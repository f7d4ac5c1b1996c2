"""Steps that change brightness and leave every pixel in its place: what harms goes, what is printed stays."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given

from folio.documents.raster.pixels import Grey
from folio.preprocess.borders import remove_border
from folio.preprocess.illumination import flatten_shading
from folio.preprocess.noise import denoise, despeckle
from folio.preprocess.step import StepResult
from folio.preprocess.threshold import binarize
from folio.transform import Transform
from tests.benchmarks.harms import framed, salted, shaded
from tests.support.documents.sheets import IN_PLACE, INK, PAPER, grain, images, lines_of_text, paper

TEXT = lines_of_text()


def lit(image: Grey, light: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> Grey:
    return np.clip(image * light, 0, 255).astype(np.uint8)


def linear(image: Grey, least: float = 0.5) -> Grey:
    """Light that falls from the left to the right."""
    return lit(image, np.linspace(1, least, image.shape[1])[None, :])


def quadratic(image: Grey, least: float = 0.5) -> Grey:
    """Light that falls from the middle to the corners."""
    down, across = np.ogrid[-1 : 1 : image.shape[0] * 1j, -1 : 1 : image.shape[1] * 1j]
    return lit(image, 1 - (1 - least) * (down**2 + across**2) / 2)


def slanting(image: Grey, least: float = 0.4) -> Grey:
    down, across = np.ogrid[0 : 1 : image.shape[0] * 1j, 0 : 1 : image.shape[1] * 1j]
    return lit(image, 1 - (1 - least) * (down + across) / 2)


@pytest.mark.parametrize("step", IN_PLACE)
@given(image=images)
def test_every_pixel_stays_in_its_place(step: Callable[[Grey], StepResult], image: Grey) -> None:
    outcome = step(image)
    assert outcome.image.shape == image.shape
    assert outcome.back == Transform()


@given(image=images)
def test_binarize_leaves_only_black_and_white(image: Grey) -> None:
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


@pytest.mark.parametrize("seed", range(3))
def test_salt_and_pepper_go_and_letters_stay(seed: int) -> None:
    specked = salted(TEXT, seed).image
    outcome = despeckle(specked)
    assert outcome.done
    inked, was = outcome.image < 125, TEXT < 125
    far = margins(TEXT)
    assert inked[far].mean() < 0.02 * (specked < 125)[far].mean(), "also specks that touch each other"
    assert (np.abs(outcome.image.astype(int) - TEXT) > 60)[~was].mean() < 0.01
    assert inked.sum() == pytest.approx(was.sum(), rel=0.02)


def margins(image: Grey) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """On which nothing is printed."""
    found = np.zeros(image.shape, bool)
    found[:70] = found[-90:] = found[:, :70] = True
    assert (image[found] == PAPER).all()
    return found


@pytest.mark.parametrize("image", [TEXT, paper(300, 200), 255 - TEXT, grain()], ids=["text", "blank", "dark", "grain"])
def test_a_page_without_specks_is_left_alone(image: Grey) -> None:
    assert not despeckle(image).done


def test_full_stops_of_two_pixels_are_no_specks() -> None:
    image = paper(400, 400)
    for top in range(0, 390, 8):
        image[top : top + 2, 0:396:8] = INK
        image[top : top + 2, 1:397:8] = INK
    assert not despeckle(image).done


def with_a_band(image: Grey) -> Grey:
    """Light that falls to a corner, with a narrow shadow across."""
    return shaded(image).image


@pytest.mark.parametrize("fall", [linear, quadratic, slanting, with_a_band])
@pytest.mark.parametrize("image", [TEXT, paper(1000, 800)], ids=["text", "blank"])
def test_shaded_paper_becomes_even(fall: Callable[[Grey], Grey], image: Grey) -> None:
    uneven = fall(image)
    outcome = flatten_shading(uneven)
    clear = image == PAPER
    assert outcome.done
    assert uneven[clear].std() > 15
    assert outcome.image[clear].std() < 6
    assert float(np.median(outcome.image[clear])) > 225
    assert (outcome.image[image == INK] < 100).all(), "ink is dark still"


def with_box(shade: int, box: tuple[slice, slice]) -> Grey:
    image = TEXT.copy()
    image[box] = shade
    return image


def test_a_shade_is_evened_out_on_a_page_with_a_coloured_field_too() -> None:
    outcome = flatten_shading(slanting(with_box(190, np.s_[600:1000, 0:300])))
    assert outcome.done
    paper_left = (TEXT == PAPER) & (np.arange(800) > 350)
    assert outcome.image[paper_left].std() < 8


@pytest.mark.parametrize(
    "image",
    [
        TEXT,
        paper(1000, 800),
        255 - TEXT,
        linear(TEXT, 0.92),
        with_box(40, np.s_[300:900, 100:700]),
        with_box(40, np.s_[0:400, :]),
        with_box(150, np.s_[500:1000, :]),
        with_box(150, np.s_[:, 0:300]),
        grain(),
    ],
    ids=["text", "blank", "dark", "nearly even", "picture", "picture above", "field below", "field aside", "grain"],
)
def test_even_paper_pictures_and_coloured_fields_are_left_alone(image: Grey) -> None:
    outcome = flatten_shading(image)
    assert not outcome.done
    assert outcome.image is image


@pytest.mark.parametrize("lid", [0, 8, 50])
def test_a_black_border_becomes_paper(lid: int) -> None:
    frame = framed(TEXT).image
    frame[frame == 8] = lid
    outcome = remove_border(frame)
    assert outcome.done
    edges = [outcome.image[0], outcome.image[-1], outcome.image[:, 0], outcome.image[:, -1]]
    assert all((edge == PAPER).all() for edge in edges)
    x, y = (round(value) for value in framed(TEXT).there.point((0, 0)))
    assert np.array_equal(outcome.image[y : y + 1000, x : x + 800], TEXT), "the sheet itself is as it was"


@pytest.mark.parametrize("gap", [5, 8, 20])
def test_letters_near_the_border_stay(gap: int) -> None:
    image = paper(1000, 800)
    image[:, :40] = 5
    image[200:224, 40 + gap : 56 + gap] = INK
    image[400:424, 40 + gap : 43 + gap] = INK
    outcome = remove_border(image)
    assert outcome.done
    assert (outcome.image < 125).sum() == 24 * 16 + 24 * 3
    assert (outcome.image[:, 40 + gap :] == image[:, 40 + gap :]).all()


def test_a_headline_bar_that_does_not_touch_the_edge_is_left_alone() -> None:
    image = TEXT.copy()
    image[10:60, 10:790] = 5
    assert not remove_border(image).done


def test_a_headline_bar_is_kept_where_a_border_is_whitened() -> None:
    image = TEXT.copy()
    image[20:60, 100:790] = 5
    image[:, :40] = 5
    outcome = remove_border(image)
    assert outcome.done
    assert (outcome.image[20:60, 100:790] == 5).all()


@pytest.mark.parametrize("is_head", [True, False])
def test_a_dark_band_along_the_edge_that_bears_writing_is_no_border(is_head: bool) -> None:
    page = np.pad(TEXT, ((200, 0) if is_head else (0, 200), (0, 0)), constant_values=35)
    cv2.putText(page, "Larkfield", (60, 130 if is_head else len(page) - 70), cv2.FONT_HERSHEY_SIMPLEX, 2, 245, 4)
    assert not remove_border(page).done
    page[page > 240] = 35
    assert remove_border(page).done


@pytest.mark.parametrize("image", [255 - TEXT, TEXT, paper()], ids=["inverted", "text", "blank"])
def test_what_has_no_border_is_left_alone(image: Grey) -> None:
    assert not remove_border(image).done
