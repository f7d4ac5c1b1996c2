"""Bent lines: told from straight ones by the map of text, laid straight, and found again on the page."""

import math

import cv2
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.curved import Strip, bent

THICKNESS = 8


def piece(rise: float, *, length: int = 300, turned: bool = False) -> Grey:
    """A map of text with one piece, whose middle rises by so many pixels and falls again."""
    shown = np.zeros((160, length + 40), np.uint8)
    for column in range(length):
        middle = 100 - rise * math.sin(math.pi * column / length)
        shown[round(middle - THICKNESS / 2) : round(middle + THICKNESS / 2), 20 + column] = 1
    return shown.T.copy() if turned else shown


def strip(shown: Grey) -> Strip | None:
    contours, _ = cv2.findContours(shown, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    assert len(contours) == 1
    _, (width, height), _ = cv2.minAreaRect(contours[0])
    return bent(contours[0].astype(np.int32), (width, height), 1.6)


@pytest.mark.parametrize("rise", [10, 40, -25])
def test_a_bent_piece_has_a_strip_along_its_middle_as_high_as_that_of_a_straight_one(rise: float) -> None:
    found = strip(piece(rise))
    assert found is not None
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        x, y = found.point(share, 0.5)
        assert y == pytest.approx(100 - rise * math.sin(math.pi * (x - 20) / 300), abs=1.5)
    (x, y), (u, v) = found.point(0.5, 0), found.point(0.5, 1)
    assert math.hypot(u - x, v - y) == pytest.approx(THICKNESS * 2.6, rel=0.15)


def test_a_bent_piece_that_runs_downwards_begins_at_its_top_and_its_upper_edge_is_on_the_right() -> None:
    found = strip(piece(30, turned=True))
    assert found is not None
    assert found.point(0, 0.5)[1] < found.point(1, 0.5)[1]
    assert found.point(0.5, 0)[0] > found.point(0.5, 1)[0]


@pytest.mark.parametrize("shown", [piece(0), piece(1.5), piece(12, length=50)], ids=["straight", "hardly", "short"])
def test_straight_and_short_pieces_have_none(shown: Grey) -> None:
    assert strip(shown) is None


def test_a_tilted_straight_piece_has_none() -> None:
    shown = np.zeros((300, 400), np.uint8)
    cv2.line(shown, (20, 20), (380, 200), (1,), THICKNESS)
    assert strip(shown) is None


def test_lines_that_touch_are_not_taken_for_a_bent_one() -> None:
    shown = piece(0)
    shown[110:118, 150:320] = 1
    shown[104:111, 150:154] = 1
    assert strip(shown) is None


def test_a_strip_laid_straight_shows_what_lies_along_it() -> None:
    along = np.linspace(20, 320, 30)
    middle = np.stack([along, 100 - 40 * np.sin((along - 20) / 300 * np.pi)], 1)
    image = np.full((160, 340), 200, np.uint8)
    cv2.polylines(image, [np.round(middle).astype(np.int32)], False, (0,), 5)
    up = np.array([0, -12])
    straight = Strip(np.stack([middle + up, middle - up]).astype(np.float32)).straight(image)
    assert straight.shape[0] == 24
    assert straight[11:13].max() < 60
    assert straight[:4].min() > 180
    assert straight[-4:].min() > 180


def test_a_flipped_strip_is_the_same_line_upside_down() -> None:
    found = strip(piece(30))
    assert found is not None
    x, y = found.point(0.25, 0.25)
    assert found.flipped().point(0.75, 0.75) == pytest.approx((x, y), abs=0.5)
    assert found.flipped().corners() == pytest.approx(found.corners()[[2, 3, 0, 1]])
