"""Where the lines of a page are: the detector's map of text, and the rectangles around its pieces.

The map is of the image reduced. Pieces are a line's core; a rectangle around it grows by the ratio of its
area to its circumference, as the network was trained (differentiable binarization, Liao et al. 2019).
"""

from collections.abc import Iterator
from operator import itemgetter
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.curved import Strip, bent
from folio.providers.ppocr.lines.rules import parted
from folio.providers.ppocr.lines.tiles import map_in_tiles
from folio.providers.ppocr.onnx.networks import Networks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.onnx.sessions import Floats

    type Corners = NDArray[np.float32]  # 4 x 2, clockwise from the top left of the text
    type Region = Corners | Strip  # of a straight line, of a bent one

_MULTIPLE_PX = 32  # of the network's sides
MIN_PROBABILITY = 0.3  # of a pixel
_MIN_SCORE = 0.5  # the mean of a piece's
_GROWTH = 1.6
_MIN_SIDE_PX = 3  # of a piece
_MAX_LINES = 5000


def detect(image: Grey, networks: Networks, longest_side: int) -> list["Region"]:
    """Return where the lines of a grey image are, in its pixels, from the top down.

    The network is shown the image reduced or enlarged to `longest_side` pixels, in tiles if need be.
    """
    shown = as_shown(image, longest_side)
    return lines_of(map_in_tiles(shown, networks.text_map), shown, image)


def as_shown(image: Grey, longest_side: int) -> Grey:
    """Return a grey image as the network is shown it, its sides multiples of 32."""
    import cv2
    import numpy as np

    height, width = image.shape
    ratio = longest_side / max(height, width)
    size = [max(_MULTIPLE_PX, round(side * ratio / _MULTIPLE_PX) * _MULTIPLE_PX) for side in (width, height)]
    way = cv2.INTER_AREA if ratio < 1 else cv2.INTER_CUBIC if ratio > 1 else cv2.INTER_LINEAR
    return cv2.resize(image, size, interpolation=way).astype(np.uint8, copy=False)


def lines_of(text_map: "Floats", shown: Grey, image: Grey) -> list["Region"]:
    """Return the lines of a map of what the network was shown, in the image's pixels, from the top down."""
    import numpy as np

    scale = np.array([whole / part for whole, part in zip(image.shape[::-1], shown.shape[::-1], strict=True)])
    regions = _regions(text_map, shown)
    lines = [one.scaled(scale) if isinstance(one, Strip) else _ordered(one * scale) for one in regions]
    return sorted(lines, key=lambda region: float(corners_of(region)[:, 1].min()))


def corners_of(region: "Region") -> "Corners":
    return region.corners() if isinstance(region, Strip) else region


def _regions(text_map: "Floats", image: Grey) -> Iterator["Region"]:
    import cv2
    import numpy as np

    mask = (text_map > MIN_PROBABILITY).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in contours[:_MAX_LINES]:
        if min(cv2.minAreaRect(outline)[1]) < _MIN_SIDE_PX:
            continue
        for contour in parted(outline.astype(np.int32), image):
            middle, (width, height), angle = cv2.minAreaRect(contour)
            if min(width, height) >= _MIN_SIDE_PX and _score(text_map, contour) >= _MIN_SCORE:
                grown = width * height * _GROWTH / (width + height)
                yield bent(contour, (width, height), _GROWTH) or cv2.boxPoints(
                    (middle, (width + grown, height + grown), angle)
                ).astype(np.float32)


def _score(text_map: "Floats", contour: "NDArray[np.int32]") -> float:
    import cv2
    import numpy as np

    left, top, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [contour - [[left, top]]], (1,))
    return float(cv2.mean(text_map[top : top + height, left : left + width], inside)[0])


def _ordered(corners: "Corners") -> "Corners":
    """Return the corners clockwise from the top left of text that runs to the right."""
    import numpy as np

    by_x = sorted(corners.tolist(), key=itemgetter(0))
    left, right = (sorted(pair, key=itemgetter(1)) for pair in (by_x[:2], by_x[2:]))
    return np.array([left[0], right[0], right[1], left[1]], np.float32)
