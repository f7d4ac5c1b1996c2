"""A sheet in a picture that looks like one large character: its lines are not lost to that."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.onnx.networks import Networks, find_models
from folio.providers.ppocr.page.large import with_large
from folio.providers.ppocr.text.crop import Crop, crop

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.sessions import Floats

pytestmark = pytest.mark.slow("loads the networks")

LARGE = 500  # pixels, of both sides
AT = 250


class Square(Networks):
    """The networks, to which the middle of whatever they are shown is writing."""

    def text_map(self, image: Grey) -> "Floats":
        text_map = np.zeros(image.shape, np.float32)
        height, width = image.shape
        text_map[height // 4 : height * 3 // 4, width // 4 : width * 3 // 4] = 1
        return text_map


def piece(image: Grey, top: int, width: int, height: int) -> Crop:
    left = AT + 50
    corners = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
    return crop(image, np.array(corners, np.float32))


@pytest.mark.parametrize(
    ("pieces", "is_kept"),
    [
        ([("总计金额", 0.97, 30), ("blurred", 0.5, 30)], True),
        ([("blurred", 0.5, 30), ("no", 0.95, 30)], False),
        ([("国王山水", 0.97, 420)], False),  # as high as the large print itself
    ],
)
def test_clear_lines_within_it_are_no_pieces_of_a_large_character(
    pieces: list[tuple[str, float, int]], is_kept: bool
) -> None:
    image = np.full((4 * AT, 4 * AT), 200, np.uint8)
    crops = [piece(image, AT + 40 + 60 * at, 300, height) for at, (_, _, height) in enumerate(pieces)]
    says = {one.key: (text, sure) for one, (text, sure, _) in zip(crops, pieces, strict=True)}

    def recognize(line: Crop) -> list[Character]:
        text, sure = says.get(line.key, ("國", 0.95) if line.image.shape[0] >= LARGE else ("", 0.0))
        return [Character(one, sure, 0.0, 1.0) for one in text]

    found = with_large(image, crops, Square(find_models()), recognize, recognize)
    assert (found is crops) == is_kept
    assert len(found) == (len(crops) if is_kept else 1)
