"""Where on a page bars may be: there all edges of a neighborhood run one way."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.transform import Box, Polygon, Transform, bounds_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SEARCH_SIDE_PX = 1200  # of the longer side of the image they are looked for on
_WINDOW_PX = 13
_MIN_COHERENCE, _MIN_ENERGY = 0.75, 900.0  # writing has less of the one, paper of the other
MIN_REGION_PX = 24, 20  # length and height of a region on that image
_MAX_REGIONS = 12
_SAME_ANGLE, _SAME_ROW = 0.14, 1.4  # radians between two regions of one code; its height in theirs
_AROUND = 0.1  # of the page's longer side, by which bars may reach out of the boxes that they were found in


def bar_regions(grey: Grey, boxes: Sequence[Box] | None, page_side: int) -> list[Polygon]:
    """Return where bars are, whichever way they are turned: the first side of each lies across the bars.

    What lies far from all `boxes`, where there are any, is not looked at. `page_side` is the longer side of the page
    that the image is a part of.
    """
    height, width = grey.shape
    page_side = max(height, width, page_side)
    if boxes is None:
        return _regions(grey, page_side)
    by = round(_AROUND * max(height, width))
    left, top, right, bottom = map(round, bounds_of(boxes))
    left, top = max(0, left - by), max(0, top - by)
    part = grey[top : max(top, bottom + by), left : max(left, right + by)]
    to_page = Transform((1, 0, left, 0, 1, top, 0, 0, 1))
    return [to_page.polygon(one) for one in _regions(part, page_side)] if part.size else []


def _regions(grey: Grey, page_side: int) -> list[Polygon]:
    """Return the regions of a part of a page."""
    import cv2
    import numpy as np

    small = pixels.shrink_to(grey, round(_SEARCH_SIDE_PX * max(grey.shape) / page_side))
    scale = max(grey.shape) / max(small.shape)
    across, down = (cv2.Sobel(small, cv2.CV_32F, *order, ksize=3) for order in ((1, 0), (0, 1)))
    window = (_WINDOW_PX, _WINDOW_PX)
    xx, yy, xy = (cv2.boxFilter(one, -1, window) for one in (across * across, down * down, across * down))
    energy = xx + yy
    coherence = np.sqrt((xx - yy) ** 2 + 4 * xy * xy) / (energy + 1.0)
    mask = ((coherence > _MIN_COHERENCE) & (energy > _MIN_ENERGY)).astype("uint8")
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    parts = pixels.components(mask.astype("uint8", copy=False))
    largest = np.argsort(-parts.area)[:_MAX_REGIONS]
    regions: list[tuple[float, Polygon]] = []
    for index in largest.tolist():
        left, top = int(parts.left[index]), int(parts.top[index])
        here = np.s_[top : top + int(parts.height[index]), left : left + int(parts.width[index])]
        inside = parts.labels[here] == index + 1
        angle = float(0.5 * np.arctan2(2 * xy[here][inside].sum(), (xx[here] - yy[here])[inside].sum()))
        if polygon := _oriented((np.argwhere(inside)[:, ::-1] + np.array((left, top), float)) * scale, angle, scale):
            regions.append((angle, polygon))
    return _joined(regions)


def _joined(regions: "list[tuple[float, Polygon]]") -> list[Polygon]:
    """Return regions, and those in one row as one: of PDF417 only the two ends are bars for certain."""
    import numpy as np

    alone = dict.fromkeys(range(len(regions)))
    joined: list[Polygon] = []
    for (one, (angle, first)), (two, (other, second)) in combinations(enumerate(regions), 2):
        if abs((angle - other + np.pi / 2) % np.pi - np.pi / 2) > _SAME_ANGLE:
            continue
        row = _oriented(np.array((*first, *second), float), angle, 0.0)
        if row and _height(row) < _SAME_ROW * max(_height(first), _height(second)):
            joined.append(row)
            alone.pop(one, None)
            alone.pop(two, None)
    return [*joined[:_MAX_REGIONS], *(regions[index][1] for index in alone)]


def _height(polygon: Polygon) -> float:
    return math.dist(polygon[0], polygon[3])


def _oriented(points: "NDArray[np.float64]", angle: float, scale: float) -> Polygon | None:
    """Return the box around points whose first side has an angle (radians); None if it is too small for bars."""
    import numpy as np

    turn = np.array(((np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))))
    flat = points @ turn
    low, high = flat.min(axis=0), flat.max(axis=0)
    if high[0] - low[0] < MIN_REGION_PX[0] * scale or high[1] - low[1] < MIN_REGION_PX[1] * scale:
        return None
    corners = np.array(((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1]))) @ turn.T
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return a, b, c, d
