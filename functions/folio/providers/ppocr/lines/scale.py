"""How large a page is shown to the detector: what its time grows with is pixels, what it finds depends on letters."""

import math

from folio.documents.raster.pixels import Grey, components

FULL_SIDE_PX = 1600  # of the longer side: letters of 6 points are 5 pixels high on A4
# A page that is longer than this is reduced no more than one of this length; a narrow one only to as many pixels as A4.
_LONGEST_PX, _FULL_AREA_PX = 4200, 1600 * 1132
_LEAST_FRACTION = 0.6  # of that
_LETTER_PX = 8  # high, of the smaller letters of a page; lines of such are found as well as those of larger ones
_SMALLER_LETTERS = 10  # percent of a page's; less is dots and noise
_MIN_LETTERS = 100  # of fewer nothing can be said
_WINDOW_PX, _CONTRAST = 31, 15  # what is darker than around it


def detection_side(image: Grey) -> int:
    """Return the longer side in pixels at which a grey page's smaller letters are as high as the detector needs."""
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
        return full
    fraction = _LETTER_PX / float(np.percentile(height[is_letter], _SMALLER_LETTERS))
    return int(full * min(1.0, max(_LEAST_FRACTION, fraction)))


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
