"""Lines that were found across a printed rule, parted there: the tiers of a newspaper, the cells of a table.

The detector joins what stands in line on both sides of a rule. Read as one line, whose halves are seldom quite level,
characters are lost. A rule is thin, dark, and goes on above and below the line, where characters leave white.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Contour = NDArray[np.int32]  # n x 1 x 2
    type Mask = NDArray[np.uint8]
    type Floats = NDArray[np.float32]

_MIN_RATIO = 5.0  # of length to thickness of a piece of the map; shorter ones are single words
# In thicknesses of the piece, which is the core of a line: how far from its middle a rule goes on at least, and how
# wide it may be.
_REACH, _MAX_WIDTH = 1.8, 0.35
_BESIDE = (-1.7, -1.3, -0.9, 0.9, 1.3, 1.7)  # from its middle, where it is looked for at first
_MAX_STROKE, _MIN_WHITE = 1.5, 0.25  # of characters, how wide; on both sides of a rule, how much is without ink
_FULL_PERCENT, _FAINT = 95, 0.25  # of a line's pixels, what is ink for certain; so much of it is the edge of a stroke
_MAX_INK = 0.15  # of the height of a column that is white
_MIN_WIDTH_PX = 5  # of what is taken for thin
_CONTRAST = 10  # levels that a rule is darker than what is beside it
_MIN_SHARE = 0.93  # of a rule's length that is dark; of dense text 0.84 at most, where rules on photographs have 0.94
_LEANS = (0.0, -0.06, 0.06, -0.12, 0.12, -0.18, 0.18, -0.24, 0.24)  # to the right for each pixel down


def parted(contour: "Contour", image: Grey) -> Sequence["Contour"]:
    """Return the parts of a piece of the map of text between the rules that cross it; itself if there are none.

    `contour` and the image that the map is of are in the same pixels.
    """
    import cv2
    import numpy as np

    left, top, width, height = cv2.boundingRect(contour)
    if max(width, height) ** 2 < _MIN_RATIO * cv2.contourArea(contour):
        return [contour]
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [contour - [[left, top]]], (1,))
    if is_down := height > width:
        rules = _rules(np.ascontiguousarray(inside.T), image.T, (top, left))
    else:
        rules = _rules(inside, image, (left, top))
    if rules is None:
        return [contour]
    (inside.T if is_down else inside)[:, rules] = 0
    parts, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(left, top))
    return [part.astype(np.int32, copy=False) for part in parts]


def _rules(mask: "Mask", image: Grey, corner: tuple[int, int]) -> "NDArray[np.bool_] | None":
    """Return in which columns of a mask that runs to the right there is a rule; None if in none."""
    import cv2
    import numpy as np

    counts = mask.sum(0)
    ordered = np.sort(counts)
    thickness = max(1.0, float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)
    rows = (np.arange(len(mask)) + 0.5) @ mask / np.maximum(counts, 1)
    rows = cv2.blur(rows[None].astype(np.float32), (int(thickness) | 1, 1), borderType=cv2.BORDER_REPLICATE)[0]
    reach = int(np.ceil(_REACH * thickness))
    kernel = np.ones((1, max(_MIN_WIDTH_PX, int(_MAX_WIDTH * thickness) | 1)), np.uint8)
    if not _may_have_rules(image, rows, corner, thickness, kernel):
        return None
    (x, y), (height, width) = corner, mask.shape
    x, y = max(0, x - reach), max(0, y - reach)
    part = np.ascontiguousarray(image[y : corner[1] + height + reach + 1, x : corner[0] + width + reach])
    down = np.arange(-reach, reach + 1, dtype=np.float32)[:, None]
    at_y = rows[None] + down + np.float32(corner[1] - y - 0.5)
    is_rule = np.zeros(width, bool)
    for lean in _LEANS:
        at_x = np.arange(width, dtype=np.float32)[None] + np.float32(lean) * down + np.float32(corner[0] - x)
        band = cv2.remap(part, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(
            np.uint8, copy=False
        )
        thin = (cv2.morphologyEx(band, cv2.MORPH_BLACKHAT, kernel) > _CONTRAST).mean(0) >= _MIN_SHARE
        if thin.any():
            is_rule |= thin & _has_white_beside(band, thickness, kernel.shape[1] // 2 + 1)
    if not is_rule.any():
        return None
    wide: NDArray[np.bool_] = cv2.dilate(is_rule.astype(np.uint8)[None], np.ones((1, 3), np.uint8))[0] > 0
    return wide


def _has_white_beside(band: Grey, thickness: float, apart: int) -> "NDArray[np.bool_]":
    """Return whether a line has white on both sides of each column, so many pixels from it."""
    import cv2
    import numpy as np

    core = len(band) // 2 - int(thickness / 2), len(band) // 2 + int(thickness / 2) + 1
    stroke = np.ones((1, int(_MAX_STROKE * thickness) | 1), np.uint8)
    ink = cv2.morphologyEx(band[slice(*core)], cv2.MORPH_BLACKHAT, stroke)
    is_dark = ink > max(_CONTRAST, float(np.percentile(ink, _FULL_PERCENT)) * _FAINT)
    white = (is_dark.mean(0) <= _MAX_INK).astype(np.uint8)[None]
    count = max(2, round(_MIN_WHITE * thickness))
    runs = cv2.erode(white, np.ones((1, count), np.uint8), anchor=(0, 0))[0]  # that begin at a column
    before = np.roll(runs, apart + count - 1)
    after = np.roll(runs, -apart)
    beside: NDArray[np.bool_] = (before & after) > 0
    return beside


def _may_have_rules(image: Grey, rows: "Floats", corner: tuple[int, int], thickness: float, kernel: "Mask") -> bool:
    """Return whether something thin and dark is both above and below the line, about in one place."""
    import cv2
    import numpy as np

    columns = np.arange(len(rows)) + corner[0]
    beside = (rows[None] + np.array(_BESIDE, np.float32)[:, None] * np.float32(thickness)).astype(int)
    edges = image[np.clip(beside + corner[1], 0, len(image) - 1), columns]
    dark = (cv2.morphologyEx(edges, cv2.MORPH_BLACKHAT, kernel) > _CONTRAST).astype(np.uint8)
    slack = np.ones((1, int(2 * max(_BESIDE) * max(_LEANS) * thickness) | 1), np.uint8)
    return bool(cv2.dilate(dark, slack).all(0).any())
