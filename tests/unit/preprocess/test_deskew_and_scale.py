"""Steps that move pixels: what was askew is straight, what was small is large, and the way back is known."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.preprocess.deskew import MIN_SKEW_DEGREES, deskew, skew
from folio.preprocess.recipes import prepare
from folio.preprocess.scale import (
    BEST_TEXT_PX,
    MAX_ENLARGEMENT,
    MAX_SIDE_PX,
    MIN_TEXT_PX,
    character_height,
    normalize_text_height,
)
from folio.transform import Point, Transform
from tests.benchmarks.harms import rotated, skewed
from tests.support.documents.sheets import INK, grain, lines_of_text, page_of, paper, print_of

ANGLES = [-12, -8.5, -5, -2.3, -1, 1, 1.7, 4, 7, 10, 12]
SQUARES = [(30, 30), (730, 30), (30, 930), (730, 930)]
SIDE = 40


def with_squares(image: Grey) -> Grey:
    """Squares that no letter looks like, the top left corners of which are at SQUARES."""
    marked = image.copy()
    for x, y in SQUARES:
        marked[y : y + SIDE, x : x + SIDE] = INK
    return marked


def squares_in(image: Grey) -> list[Point]:
    """Their middles."""
    stats, middles = cv2.connectedComponentsWithStats((image < 125).astype(np.uint8))[2:]
    found = stats[:, cv2.CC_STAT_AREA] > 0.9 * SIDE * SIDE
    found[0] = False
    return [(float(x) + 0.5, float(y) + 0.5) for x, y in middles[found]]


@pytest.mark.parametrize("height", [4, 8, 11, 12, 30, 100])
def test_the_height_of_letters_is_measured(height: int) -> None:
    assert character_height(print_of(height, 400, 400)) == height


def test_rules_specks_and_pictures_are_no_letters() -> None:
    image = paper(400, 400)
    image[10:13, :] = 0
    image[50, 50] = 0
    image[200:380, 200:380] = 0
    assert character_height(image) == 0
    assert character_height(paper()) == 0


def test_letters_are_measured_on_a_dark_page_and_among_the_dots_of_a_screen_too() -> None:
    assert character_height(255 - print_of(30, 400, 400)) == 30
    dotted = print_of(30, 400, 400)
    dotted[44:60:6, 4:390:6] = INK
    assert character_height(dotted) == 30


@pytest.mark.parametrize("letter", [6, 8, 12, MIN_TEXT_PX - 1])
def test_small_print_is_enlarged_to_the_height_engines_like(letter: int) -> None:
    outcome = normalize_text_height(print_of(letter))
    assert outcome.done
    assert character_height(outcome.image) == pytest.approx(BEST_TEXT_PX, abs=1.5)


def test_tiny_print_is_enlarged_by_no_more_than_four() -> None:
    outcome = normalize_text_height(print_of(4))
    assert outcome.image.shape == (200 * MAX_ENLARGEMENT, 300 * MAX_ENLARGEMENT)


def test_an_enlarged_image_has_no_side_beyond_the_bound() -> None:
    outcome = normalize_text_height(print_of(8, 40, MAX_SIDE_PX // 2))
    assert outcome.image.shape == (80, MAX_SIDE_PX)


@pytest.mark.parametrize("image", [print_of(MIN_TEXT_PX), print_of(30), paper(), print_of(8, 40, MAX_SIDE_PX)], ids=str)
def test_large_print_large_pages_and_blank_pages_are_left_as_they_are(image: Grey) -> None:
    outcome = normalize_text_height(image)
    assert not outcome.done
    assert outcome.image is image


@pytest.mark.parametrize(("left", "top", "width", "height"), [(40, 21, 4, 8), (3, 5, 7, 11), (50, 40, 12, 16)])
def test_ink_in_the_enlarged_image_maps_back_to_where_it_was(left: int, top: int, width: int, height: int) -> None:
    image = paper(61, 93)
    image[top : top + height, left : left + width] = 0
    outcome = normalize_text_height(image)
    assert outcome.done
    rows, columns = np.nonzero(outcome.image < 110)
    first, last = (int(columns.min()), int(rows.min())), (int(columns.max()) + 1, int(rows.max()) + 1)
    assert outcome.back.point(first) == pytest.approx((left, top), abs=0.5)
    assert outcome.back.point(last) == pytest.approx((left + width, top + height), abs=0.5)


@pytest.mark.parametrize("degrees", ANGLES)
def test_a_page_that_lies_askew_is_straightened(degrees: float) -> None:
    outcome = deskew(skewed(lines_of_text(), degrees).image)
    assert outcome.done
    assert float(outcome.note.removesuffix(" degrees")) == pytest.approx(degrees, abs=0.3)
    assert abs(skew(outcome.image)) <= 0.3


@pytest.mark.parametrize("quarter", [90, 180, 270])
@pytest.mark.parametrize("degrees", [-9, -3, 2, 6])
def test_a_page_on_its_side_or_head_and_askew_is_straightened_too(quarter: int, degrees: float) -> None:
    outcome = deskew(skewed(rotated(lines_of_text(), quarter).image, degrees).image)
    assert outcome.done
    assert abs(skew(outcome.image)) <= 0.3
    whole = skewed(rotated(lines_of_text(), quarter).image, degrees).there.then(outcome.back.inverse())
    (x, y), (across, down) = whole.point((0, 0)), whole.point((100, 0))
    assert (across - x, down - y) == pytest.approx((100, 0), abs=0.6)


@pytest.mark.parametrize("degrees", ANGLES)
def test_the_way_back_leads_to_where_things_were(degrees: float) -> None:
    harmed = skewed(with_squares(lines_of_text()), degrees)
    outcome = deskew(harmed.image)
    found = squares_in(outcome.image)
    there = [harmed.there.point((x + SIDE / 2, y + SIDE / 2)) for x, y in SQUARES]
    assert len(found) == len(SQUARES), "nothing is cut off"
    for place in map(outcome.back.point, found):
        assert min(abs(place[0] - x) + abs(place[1] - y) for x, y in there) < 1


def test_the_paper_beside_a_straightened_page_is_as_bright_as_the_page() -> None:
    image = deskew(skewed(lines_of_text(), 8).image).image
    assert image[0, 0] == image[-1, -1] == image[0, -1] == np.median(image)


@pytest.mark.parametrize("degrees", [0, 0.2, -0.3, 0.5, -0.6])
def test_a_page_that_lies_straight_is_left_alone(degrees: float) -> None:
    image = skewed(lines_of_text(), degrees).image
    outcome = deskew(image)
    assert abs(degrees) < MIN_SKEW_DEGREES
    assert not outcome.done
    assert outcome.image is image
    assert outcome.back == Transform()


@pytest.mark.parametrize("degrees", [20, -30, 45])
def test_what_lies_more_askew_than_a_scanner_does_is_left_alone(degrees: float) -> None:
    assert not deskew(skewed(lines_of_text(), degrees).image).done


def test_two_words_do_not_tell_how_a_page_lies() -> None:
    assert not deskew(skewed(lines_of_text(1, 2), 5).image).done


@pytest.mark.parametrize("softness", [0.5, 1, 2, 4, 8])
def test_the_grain_of_a_photograph_is_no_text(softness: float) -> None:
    assert not deskew(grain(softness=softness)).done


def test_the_page_says_how_far_it_was_turned(tmp_path: Path) -> None:
    prepared = prepare(page_of(skewed(lines_of_text(), 5).image, tmp_path), "auto", tmp_path)
    assert abs(abs(prepared.skew) - 5) <= 0.3
    assert f"deskew {-prepared.skew:+.1f} degrees" in prepared.steps
