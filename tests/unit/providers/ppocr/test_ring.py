"""A seal's ring is laid straight: its texts, from the longest on, and what is in its middle."""

import cv2
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.marks.ring import unwrapped


def ring(
    angles: list[float], *, axes: tuple[int, int] = (150, 150), number: list[float] | None = None, askew: float = 0
) -> Grey:
    """A seal with bars for letters at these angles (0 is up, clockwise), small ones for a number, and a bar below."""
    ink = np.full((340, 340), 255, np.uint8)
    cv2.ellipse(ink, (170, 170), axes, askew, 0, 360, (0,), 6)
    small = [(angle, 0.9, 0.82) for angle in number or []]
    for angle, outer, inner in [*((angle, 0.88, 0.64) for angle in angles), *small]:
        radians = np.radians(angle - 90 + askew)
        way = np.array([np.cos(radians), np.sin(radians)]) * axes
        start, end = (np.array([170, 170]) + way * share for share in (outer, inner))
        cv2.line(ink, start.astype(int).tolist(), end.astype(int).tolist(), (0,), 8)
    cv2.rectangle(ink, (140, 195), (200, 203), (0,), -1)
    cv2.circle(ink, (170, 165), 20, (0,), -1)
    return ink


def bars(text: Grey) -> int:
    """How many stand side by side."""
    inked = cv2.medianBlur((text < 128).any(0).astype(np.uint8)[None], 5)[0] > 0
    return int(np.count_nonzero(inked[1:] & ~inked[:-1]))


@pytest.mark.parametrize("axes", [(150, 150), (150, 110)])
@pytest.mark.parametrize("askew", [0, 18])
def test_a_ring_begins_within_its_widest_gap(axes: tuple[int, int], askew: float) -> None:
    read = unwrapped(ring([-100, -75, -50, -25, 0, 25, 50, 75, 100], axes=axes, askew=askew))
    assert read is not None
    (text,) = read.texts
    assert bars(text) == 9
    assert text.shape[1] > 3 * text.shape[0]


def test_a_number_along_the_lower_arc_is_a_text_of_its_own() -> None:
    read = unwrapped(ring([-100, -75, -50, -25, 0, 25, 50, 75, 100], number=[150, 160, 170, 180, 190, 200, 210]))
    assert read is not None
    assert [bars(text) for text in read.texts] == [9, 7]


def test_the_middle_has_neither_ring_nor_star() -> None:
    read = unwrapped(ring([-60, -30, 0, 30, 60]))
    assert read is not None
    rows, columns = np.nonzero(cv2.medianBlur(read.middle, 5) < 128)
    assert (rows.min(), rows.max()) == pytest.approx((195, 203), abs=2)
    assert (columns.min(), columns.max()) == pytest.approx((140, 200), abs=2)


def test_what_has_corners_or_nothing_around_it_is_no_ring() -> None:
    square = np.full((300, 300), 255, np.uint8)
    cv2.rectangle(square, (20, 20), (280, 280), (0,), 6)
    for ink in (square, np.full((300, 300), 255, np.uint8), np.full((1, 1), 255, np.uint8), np.zeros((9, 9), np.uint8)):
        assert unwrapped(ink) is None


def test_an_empty_ring_has_no_texts() -> None:
    ink = np.full((300, 300), 255, np.uint8)
    cv2.circle(ink, (150, 150), 130, (0,), 6)
    read = unwrapped(ink)
    assert read is not None
    assert read.texts == ()
