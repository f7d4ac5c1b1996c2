"""The map of a page larger than the detector is shown at once: tile by tile, joined before lines are looked for.

So a line that lies on several tiles is one line, and a page has one direction, one script and one order.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.sessions import Floats

TILE_PX = 1600  # of both sides at most; what has no more pixels is shown whole, for memory grows with these
_OVERLAP_PX = 192  # that a tile shows of its neighbors: several lines, and letters of large print
_MULTIPLE_PX = 32  # of the network's sides


def map_in_tiles(image: Grey, text_map: "Callable[[Grey], Floats]") -> "Floats":
    """Return the map of an image (height x width), whose sides are multiples of 32."""
    import numpy as np

    height, width = image.shape
    if image.size <= TILE_PX**2:
        return text_map(image)
    joined = np.empty((height, width), np.float32)
    for top, bottom in _cores(height):
        for left, right in _cores(width):
            y, x = max(0, top - _OVERLAP_PX), max(0, left - _OVERLAP_PX)
            tile = text_map(np.ascontiguousarray(image[y : bottom + _OVERLAP_PX, x : right + _OVERLAP_PX]))
            joined[top:bottom, left:right] = tile[top - y : bottom - y, left - x : right - x]
    return joined


def _cores(side: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of equal parts that with the overlap are no longer than a tile."""
    if side <= TILE_PX:
        yield 0, side
        return
    count = -(-side // (TILE_PX - 2 * _OVERLAP_PX))
    step = -(-side // (count * _MULTIPLE_PX)) * _MULTIPLE_PX
    for start in range(0, side, step):
        yield start, min(start + step, side)
