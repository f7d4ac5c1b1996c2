"""How large a page is shown to the detector: what its time grows with is pixels, what it finds depends on letters."""

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.raster.pixels import Components, Grey, components

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.documents.raster.pixels import Counts, Mask

    type Boxes = NDArray[np.float64]

FULL_SIDE_PX = 1600  # of the longer side: letters of 6 points are 5 pixels high on A4
# A page that is longer than this is reduced no more than one of this length; a narrow one only to as many pixels as A4.
_LONGEST_PX, _FULL_AREA_PX = 4200, 1600 * 1132
_LEAST_FRACTION = 0.6  # of that
_LETTER_PX = 8  # high, of the smaller letters of a page; lines of such are found as well as those of larger ones
_SMALLER_LETTERS = 10  # percent of a page's; less is dots and noise
_MIN_LETTERS = 100  # of fewer nothing can be said
_WINDOW_PX, _CONTRAST = 31, 15  # what is darker than around it
# Glyphs stand between others of about their height, with one on both sides within so many heights: of the small shapes
# on pages in small print 25 to 85% do, of points, dust and the grain of paper 5% or less. Where most shapes do, only
# these tell how small letters are; where few do they are printed on a screen, and lost if they are reduced.
_REACHES = (0.25, 0.5, 0.75, 1.0, 1.25)
_MOSTLY, _LEAST_BETWEEN = 0.5, 2 / 3  # of the shapes; of the full size
_MIN_LIKENESS, _MAX_LIKENESS = 0.6, 1.7  # of a neighbor's height to a letter's


class Glyphs(Struct, frozen=True):
    """What looks like letters on a page: left, top, right and bottom of each in its pixels (n x 4), no frames.

    `between` tells which of them stand between others of about their height.
    """

    boxes: "Boxes"
    between: "Mask"


class Scale(Struct, frozen=True):
    """How large a page is shown to the detector: its longer side in pixels; `glyphs` are None where there are few."""

    side: int
    glyphs: Glyphs | None


def detection_scale(image: Grey) -> Scale:
    """Return the scale at which a grey page's smaller letters are as high as the detector needs."""
    import cv2
    import numpy as np

    ratio = _full_ratio(image)
    reduced = cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    mask = cv2.adaptiveThreshold(reduced, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _WINDOW_PX, _CONTRAST)
    shapes = components(mask.astype(np.uint8, copy=False))
    width, height = shapes.width, shapes.height
    is_letter = (height >= 5) & (height < 60) & (width >= 2) & (width < 3 * height)
    is_letter &= shapes.area > 0.15 * width * height  # no frames
    full = full_side(image)
    if is_letter.sum() < _MIN_LETTERS:
        return Scale(full, None)
    stands = _stands_between(shapes, is_letter)
    fraction = max(_LEAST_FRACTION, _fraction(height[is_letter]))
    if ratio < 1 and fraction > _LEAST_BETWEEN and stands.sum() >= max(_MIN_LETTERS, _MOSTLY * len(stands)):
        fraction = min(fraction, max(_LEAST_BETWEEN, _fraction(height[is_letter][stands])))
    across, down = (side / shown for side, shown in zip(image.shape[::-1], reduced.shape[::-1], strict=True))
    boxes = shapes.corners()[is_letter] * [across, down, across, down]
    return Scale(int(full * min(1.0, fraction)), Glyphs(boxes, stands))


def _fraction(heights: "Counts") -> float:
    """Return what a page may be reduced by for its smaller letters, of so many pixels each."""
    import numpy as np

    return _LETTER_PX / float(np.percentile(heights, _SMALLER_LETTERS))


def _stands_between(shapes: Components, is_letter: "Mask") -> "Mask":
    """Return of each letter whether others of about its height are near it on its left and on its right."""
    import numpy as np

    left, top = shapes.left[is_letter], shapes.top[is_letter]
    width, height = shapes.width[is_letter], shapes.height[is_letter]
    heights = np.zeros(shapes.labels.shape, np.uint8)  # of the letter whose box a pixel is in
    for x, y, across, down in np.stack([left, top, width, height], axis=1).tolist():
        heights[y : y + down, x : x + across] = down
    middle, last = top + height // 2, heights.shape[1] - 1

    def is_like(x: "Counts") -> "Mask":
        other = np.where((x >= 0) & (x <= last), heights[middle, np.clip(x, 0, last)], 0)
        return (other > _MIN_LIKENESS * height) & (other < _MAX_LIKENESS * height)

    reaches = [(reach * height).astype(np.int32) for reach in _REACHES]
    before = np.any([is_like(left - 1 - reach) for reach in reaches], axis=0)
    after = np.any([is_like(left + width + reach) for reach in reaches], axis=0)
    return before & after


def full_side(image: Grey) -> int:
    """Return the longer side in pixels at which a page is shown for the smallest letters."""
    return int(max(image.shape) * _full_ratio(image))


def _full_ratio(image: Grey) -> float:
    """Return what a page is reduced by for its smallest letters."""
    height, width = map(int, image.shape)
    longest = max(height, width)
    if longest <= _LONGEST_PX:
        return min(1.0, FULL_SIDE_PX / longest)
    return min(1.0, max(FULL_SIDE_PX / _LONGEST_PX, math.sqrt(_FULL_AREA_PX / (height * width))))
