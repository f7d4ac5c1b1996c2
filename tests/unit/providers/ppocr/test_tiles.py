"""The map of a large page, joined from those of its tiles."""

import numpy as np
import pytest
from numpy.typing import NDArray

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.tiles import TILE_PX, map_in_tiles

type Floats = NDArray[np.float32]


class Mapper:
    """What a network would be shown; each pixel of its map is the image's own."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, int]] = []

    def __call__(self, image: Grey) -> Floats:
        height, width = image.shape
        self.shapes.append((height, width))
        return image.astype(np.float32)


@pytest.mark.parametrize(
    ("shape", "tiles"),
    [
        ((1600, 1120), 1),
        ((96, 13_408), 1),
        ((320, 13_440), 12),
        ((1600, 1632), 2),
        ((1920, 2656), 6),
        ((3776, 2688), 12),
    ],
    ids=["whole", "a strip", "a wide strip", "a little more", "A2", "A1"],
)
def test_tiles_make_one_map_and_none_is_too_large(shape: tuple[int, int], tiles: int) -> None:
    image = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    mapper = Mapper()
    assert (map_in_tiles(image, mapper) == image).all()
    assert len(mapper.shapes) == tiles
    assert all(shown[0] * shown[1] <= TILE_PX**2 and shown[0] % 32 == shown[1] % 32 == 0 for shown in mapper.shapes)


def test_what_is_near_the_edge_of_a_tile_is_seen_with_what_is_around() -> None:
    shown = []

    def mapper(image: Grey) -> Floats:
        shown.append(sorted(set(image[:, 0].tolist())))
        return image.astype(np.float32)

    rows = np.repeat(np.arange(56, dtype=np.uint8), 32)[:, None]
    map_in_tiles(np.ascontiguousarray(np.broadcast_to(rows, (56 * 32, TILE_PX))), mapper)
    assert [(part[0], part[-1]) for part in shown] == [(0, 33), (22, 55)]
