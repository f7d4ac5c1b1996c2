"""Codes are told from rules, shades and frames on a small drawing."""

import random

import cv2
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.textlayer.code_like import code_boxes
from folio.transform import Box
from tests.support.documents.codes import KINDS, drawn_symbol, value_of

PAGE = (2339, 1654)  # A4 at 200 DPI


def locations(page: Grey) -> list[Box]:
    small = cv2.resize(page, (453, 640), interpolation=cv2.INTER_AREA).astype(np.uint8)
    return code_boxes(small, small < 255 - 32)


def blank() -> Grey:
    return np.full(PAGE, 255, np.uint8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("module", [2, 4])
def test_a_code_is_seen(kind: str, module: int) -> None:
    symbol = drawn_symbol(value_of(kind, random.Random(7)), KINDS[kind], module)
    page = blank()
    page[700 : 700 + symbol.shape[0], 300 : 300 + symbol.shape[1]] = symbol
    (location,) = locations(page)
    left, top, right, bottom = (side * PAGE[0] / 640 for side in location)
    assert left < 300 < 300 + symbol.shape[1] < right
    assert top < 700 < 700 + symbol.shape[0] < bottom
    assert (right - left) * (bottom - top) < 0.5 * PAGE[0] * PAGE[1]


def test_ruled_and_shaded_tables_and_frames_are_none() -> None:
    page = blank()
    for row in range(300, 2000, 60):
        page[row : row + 3, 200:1400] = 0
    for column in range(200, 1401, 150):
        page[300:1990, column : column + 3] = 0
    page[303:360, 203:1400] = 120
    page[2100:2110, 200:1400] = 0
    assert not locations(page)
