"""PP-OCR's reading of sheets that are curled: their lines are bent, and so are the places of their words."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.page.reader import read_page
from folio.transform import Point, Transform
from tests.support.documents.drawings import draw, off

pytestmark = pytest.mark.slow("each test loads the networks and reads a page of long lines")

LINES = (
    "The harbour keeper lights the lantern before the evening ships return",
    "Market days begin early in the morning and the bakers open at five",
    "Nobody remembers who planted the orchard on the northern side",
    "Every second winter the river carries ice as far as the old bridge",
)
SIZE = (1500, 560)
HEIGHT = 34
# As seen from a little to the left.
TILT = Transform((0.95, 0.03, 20, 0.02, 0.97, 15, 0.00006, 0, 1))
TURN = Transform((0, -1, 561, 1, 0, 0, 0, 0, 1))  # by 90 degrees clockwise


def curl(point: Point, rise: float) -> Point:
    """Where a point of the flat sheet lies on the curled one, seen from above."""
    x, y = point
    return x, y + rise * math.sin(math.pi * x / SIZE[0]) - rise / 2


def curled(flat: Grey, rise: float, tilt: Transform) -> Grey:
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]].astype(np.float32)
    source = rows - rise * np.sin(np.pi * (columns + 0.5) / SIZE[0]).astype(np.float32) + rise / 2
    bent = cv2.remap(flat, columns, source, interpolation=cv2.INTER_CUBIC, borderValue=(255,))
    half = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])  # to the middles of pixels, as OpenCV counts
    matrix = half @ np.reshape(tilt.matrix, (3, 3)) @ np.linalg.inv(half)
    size = SIZE[::-1] if tilt is TURN else SIZE
    return np.asarray(cv2.warpPerspective(bent, matrix, size, borderValue=(255,))).astype(np.uint8)


@pytest.mark.parametrize(
    ("rise", "tilt"), [(60, Transform()), (-45, TILT), (60, TURN)], ids=["curled", "tilted", "turned"]
)
def test_a_curled_sheet_is_read_and_its_words_lie_on_their_ink(rise: float, tilt: Transform, tmp_path: Path) -> None:
    drawing = draw(*LINES, size=SIZE, height=HEIGHT, at=(60, 110), step=2.6)
    flat = np.asarray(drawing.image.convert("L"))
    pixels.save(np.ascontiguousarray(curled(flat, rise, tilt)), tmp_path / "page.pgm")
    read = read_page(tmp_path / "page.pgm", ("eng",))
    found = [word for line in read.lines for word in line.words]
    assert [word.text for word in found] == [word for line in LINES for word in line.split()]
    assert read.rotation == (90 if tilt is TURN else 0)
    for word, spot in zip(found, (spot for line in drawing.lines for spot in line), strict=True):
        left, top, right, bottom = spot.box
        flat_corners: tuple[Point, ...] = ((left, top), (right, top), (right, bottom), (left, bottom))
        p, q, r, s = (tilt.point(curl(point, rise)) for point in flat_corners)
        assert off(word.polygon, (p, q, r, s)) <= HEIGHT / 3, word.text
