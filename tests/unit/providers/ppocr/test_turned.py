"""Pages that are turned upright before they are read."""

import numpy as np
import pytest

from folio.models import Line, PageText
from folio.providers.ppocr.page.turned import as_it_lay, has_lost, turned_upright
from folio.providers.ppocr.text.crop import Crop
from folio.transform import box


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_what_is_read_upright_is_given_where_it_lay(rotation: int) -> None:
    upright = np.full((40, 100), 255, np.uint8)
    upright[10:14, 20:60] = 0
    turned = np.ascontiguousarray(np.rot90(upright, -rotation // 90))
    assert (turned_upright(turned, rotation) == upright).all()
    read = PageText("print", (Line("print", 1.0, box(20, 10, 60, 14), ()),))
    lay = as_it_lay(read, rotation, turned.shape)
    xs, ys = zip(*lay.lines[0].polygon, strict=True)
    dark = np.zeros_like(turned)
    dark[int(min(ys)) : int(max(ys)), int(min(xs)) : int(max(xs))] = 255
    assert (dark == 255 - turned).all()
    assert lay.rotation == rotation


def lines(*lengths: int) -> list[Crop]:
    corners = np.zeros((4, 2), np.float32)
    return [Crop(np.zeros((10, length), np.uint8), corners) for length in lengths]


@pytest.mark.parametrize(
    ("upright", "is_lost"),
    [((300, 200), False), ((298, 195), False), ((300, 90, 60), True), ((), True)],
    ids=["alike", "a little shorter", "one in pieces", "none"],
)
def test_whether_lines_are_lost_upright(upright: tuple[int, ...], is_lost: bool) -> None:
    assert has_lost(lines(*upright), lines(300, 200)) == is_lost
