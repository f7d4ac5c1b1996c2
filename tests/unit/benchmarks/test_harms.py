"""The harms that the benchmark does: what they do to a page, and that their transforms tell where its pixels went."""

import numpy as np
import pytest

from folio.models import Line, Page, Word
from folio.transform import Polygon, Transform, box
from tests.benchmarks.harm import Row, distances, kept, near
from tests.benchmarks.harms import Grey, Harmed, coarse, framed, harms, inverted, rotated, salted, shaded, skewed

HEIGHT, WIDTH = 420, 300
MARKS = ((40.0, 60.0), (250.0, 90.0), (130.0, 350.0))


def page(mark: tuple[float, float]) -> Grey:
    """White, with one black mark of 10 x 10 pixels around a point."""
    image = np.full((HEIGHT, WIDTH), 255, np.uint8)
    x, y = map(int, mark)
    image[y - 5 : y + 5, x - 5 : x + 5] = 0
    return image


def middle_of_ink(harmed: Harmed, dark: bool = True) -> tuple[float, float]:
    ink = 255.0 - harmed.image if dark else harmed.image.astype(float)
    ink[ink < 4] = 0
    down, across = np.indices(ink.shape)
    return float((ink * (across + 0.5)).sum() / ink.sum()), float((ink * (down + 0.5)).sum() / ink.sum())


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turn_tells_where_points_go(mark: tuple[float, float], degrees: int) -> None:
    harmed = rotated(page(mark), degrees)
    assert middle_of_ink(harmed) == pytest.approx(harmed.there.point(mark), abs=0.01)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("degrees", [-10, -0.5, 0.5, 3.5, 10])
def test_a_skew_tells_where_points_go_and_cuts_nothing_off(mark: tuple[float, float], degrees: float) -> None:
    harmed = skewed(page(mark), degrees)
    assert middle_of_ink(harmed) == pytest.approx(harmed.there.point(mark), abs=0.1)
    height, width = harmed.image.shape
    for corner in box(0, 0, WIDTH, HEIGHT):
        x, y = harmed.there.point(corner)
        assert -0.01 <= x <= width + 0.01
        assert -0.01 <= y <= height + 0.01


def test_a_skew_to_the_right_is_clockwise() -> None:
    x, y = skewed(page(MARKS[0]), 10).there.polygon(box(0, 0, WIDTH, HEIGHT))[:2]
    assert y[1] > x[1]  # the top right corner is lower than the top left one


@pytest.mark.parametrize("mark", MARKS)
def test_fewer_pixels_tell_where_points_go(mark: tuple[float, float]) -> None:
    harmed = coarse(page(mark), HEIGHT / 11)
    assert harmed is None
    harmed = coarse(np.kron(page(mark), np.ones((5, 5), np.uint8)), 190)
    assert harmed is not None
    assert harmed.image.shape == (1105, 789)
    assert middle_of_ink(harmed) == pytest.approx(harmed.there.point((5 * mark[0], 5 * mark[1])), abs=0.1)


def test_a_resolution_that_cannot_be_is_not_believed() -> None:
    sheet = np.full((2925, 2000), 255, np.uint8)
    for claimed in (None, 72, 1200):
        harmed = coarse(sheet, claimed)
        assert harmed is not None
        assert harmed.image.shape == (1170, 800)


def test_a_frame_moves_the_page() -> None:
    harmed = framed(page(MARKS[0]))
    assert harmed.image[0, 0] < 20
    assert harmed.image.shape == (HEIGHT + 15 + 7, WIDTH + 15 + 30)
    x, y = map(int, harmed.there.point(MARKS[0]))
    assert (harmed.image[y - 5 : y + 5, x - 5 : x + 5] == 0).all()


def test_light_and_noise_leave_everything_in_its_place() -> None:
    image = page(MARKS[0])
    assert middle_of_ink(inverted(image), dark=False) == pytest.approx(MARKS[0])
    assert 0.3 < shaded(image).image.mean() / image.mean() < 0.8
    noisy = salted(image, 7)
    assert 0.005 < (noisy.image != image).mean() < 0.02
    assert (noisy.image == salted(image, 7).image).all()
    assert noisy.there == shaded(image).there == inverted(image).there == Transform()


def test_every_kind_can_be_done_and_pages_are_skewed_differently() -> None:
    image = page(MARKS[0])
    assert all(work() for name, work in harms(image, 300, 3).items() if name != "100 dpi")
    skews = [harms(image, 300, number)["skewed left"]() for number in range(7)]
    assert len({skew.there for skew in skews if skew}) == 7


def read(*words: tuple[str, Polygon]) -> Page:
    made = tuple(Word(text, 0.9, polygon) for text, polygon in words)
    return Page(number=1, width=9, height=9, dpi=None, lines=(Line("", None, box(0, 0, 1, 1), made),))


def test_distances_are_of_words_that_both_have_once() -> None:
    whole = read(
        ("Rye", box(0, 0, 10, 10)), ("flour,", box(20, 0, 30, 10)), ("oats", box(0, 0, 1, 1)), ("a", box(0, 0, 1, 1))
    )
    harmed = read(
        ("rye", box(0, 0, 20, 20)), ("flour", box(43, 4, 63, 24)),
        ("oats", box(0, 0, 1, 1)), ("oats", box(5, 0, 6, 1)), ("a", box(0, 0, 1, 1)),
    )  # fmt: skip
    assert distances(whole, harmed, Transform.scale(2, 2)) == ([5.0, 0.0], [5.0, 0.0], 2)
    assert near([5.0, 0.0]) == 0.5
    assert distances(whole, None, Transform()) == ([], [], 0)


def test_a_box_that_begins_at_the_wrong_corner_is_in_its_place_all_the_same() -> None:
    top_left, *others = box(0, 0, 10, 4)
    turned = read(("rye", (others[0], others[1], others[2], top_left)))
    assert distances(read(("rye", box(0, 0, 10, 4))), turned, Transform()) == ([0.0], [0.0], 0)


def test_what_is_kept_is_a_mean_over_pages_that_can_be_read() -> None:
    rows = [Row(set="s", id=name, kind="k", before=before, after=after) for name, before, after in
            (("a", 0.8, 0.4), ("b", 0.5, 0.5), ("c", 0.0, 0.0))]  # fmt: skip
    assert kept(rows) == 0.75
