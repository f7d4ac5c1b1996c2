"""A sheet in a large picture, with small print: the part with text is shown to the detector once more, enlarged."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.close_up import find_lines
from folio.providers.ppocr.lines.detection import corners_of
from folio.providers.ppocr.lines.scale import FULL_SIDE_PX
from folio.providers.ppocr.onnx.networks import Networks, find_models
from tests.support.documents.drawings import draw

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.sessions import Floats

pytestmark = pytest.mark.slow("loads the networks")

LINES, LEFT, TOP = 16, 700, 400
PITCH = 18


class Recording(Networks):
    """The networks, and the sizes of what the detector is shown."""

    def __init__(self) -> None:
        super().__init__(find_models())
        self.shapes: list[tuple[int, ...]] = []

    def text_map(self, image: Grey) -> "Floats":
        self.shapes.append(image.shape)
        return super().text_map(image)


def picture(size: int, pitch: int, longest: int, ground: int = 120) -> Grey:
    """Lines of print on a sheet that lies in a larger picture, darker unless it is paper too."""
    image = np.full((longest, longest * 3 // 4), ground, np.uint8)
    for index in range(LINES):
        text = f"line {index} of the small print on it"
        drawn = draw(text, size=(900, pitch), height=size, at=(4, 1)).image.convert("L")
        top = TOP + index * pitch
        image[top : top + pitch, LEFT : LEFT + 900] = np.asarray(drawn)
    return image


def test_small_print_in_a_large_picture_is_looked_at_closer_and_found_line_by_line() -> None:
    networks = Recording()
    lines = find_lines(picture(13, PITCH, 2800), networks)
    whole, part = networks.shapes
    assert max(whole) == FULL_SIDE_PX
    assert part[0] * part[1] <= FULL_SIDE_PX**2
    assert len(lines) == LINES
    for index, line in enumerate(lines):
        corners = corners_of(line)
        assert corners[:, 1].mean() == pytest.approx(TOP + PITCH * (index + 0.5), abs=5)
        assert corners[:, 0].min() == pytest.approx(LEFT, abs=15)


def test_a_sheet_that_is_small_in_the_picture_is_looked_at_closer_and_a_page_with_wide_margins_is_not() -> None:
    for ground, count in ((120, 2), (255, 1)):
        networks = Recording()
        lines = find_lines(picture(22, 34, 3600, ground), networks)
        rows = {int((corners_of(line)[:, 1].mean() - TOP) // 34) for line in lines}
        assert (len(networks.shapes), rows) == (count, set(range(LINES)))


@pytest.mark.parametrize(("size", "pitch", "longest"), [(36, 60, 2800), (13, 22, 1590)], ids=["large", "not reduced"])
def test_other_pages_are_looked_at_once(size: int, pitch: int, longest: int) -> None:
    networks = Recording()
    image = picture(size, pitch, max(longest, 2800))[:longest, : longest - 300]
    find_lines(image, networks)
    assert len(networks.shapes) == 1
