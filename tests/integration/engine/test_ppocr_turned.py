"""Pages that do not lie upright are read upright."""

from pathlib import Path

import numpy as np
import pytest

from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.models import PageText
from folio.providers.ppocr.page.reader import read_page
from tests.support.documents.drawings import draw

COLUMNS = ("Harbour", "Lantern", "Market"), ("7%", "14%", "3%"), ("(6.4)", "9", "28.3"), ("84 bp", "2 bp", "160 bp")


def table() -> Grey:
    image = np.full((220, 1100), 255, np.uint8)
    for at, cells in enumerate(COLUMNS):
        image[:, 270 * at : 270 * at + 270] = np.asarray(draw(*cells, size=(270, 220), height=30, at=(20, 20)).image)
    return image


def read(image: Grey, folder: Path) -> PageText:
    path = folder / "page.pgm"
    pixels.save(np.ascontiguousarray(image), path)
    return read_page(path, ("eng",))


@pytest.mark.slow("a page is read three times")
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_page_is_read_as_if_it_lay_upright(rotation: int, tmp_path: Path) -> None:
    image = table()
    turned = np.rot90(image, -rotation // 90)
    upright, text = read(image, tmp_path), read(turned, tmp_path)
    assert (text.text, text.rotation) == (upright.text, rotation)
    assert [path.name for path in tmp_path.iterdir()] == ["page.pgm"]
    for expected, found in zip(upright.lines, text.lines, strict=True):
        corner, (x, y) = expected.polygon[0], found.polygon[0]
        height, width = turned.shape
        back = {90: (y, width - x), 180: (width - x, height - y), 270: (height - y, x)}[rotation]
        assert back == pytest.approx(corner, abs=1)
