"""The step that finds a photographed sheet by its four edges and lays it flat; carries the way back.

OpenCV counts from the middles of pixels, Folio from their corners.
"""

import math
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey, shrink_to
from folio.preprocess.quadrilateral import four_sided, has_soft_side
from folio.preprocess.step import StepResult, unchanged
from folio.preprocess.writing import SIDE_PX, has_writing
from folio.transform import Transform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.preprocess.quadrilateral import Corners

_DETECT_SIDE_PX = SIDE_PX  # of the longer side
_MIN_SIDE_PX = 50  # of the shorter side of the copy
_MIN_DARKER_LEVELS = 35  # grey levels of 255 by which what is around a sheet is darker than the paper
_MAX_OFF_SHARE = 0.003  # of the longer side: a sheet whose corners are no farther from a rectangle is cut out
_MAX_BORDER_SHARE = 0.01  # of the longer side, between a side and the picture's border along which it lies
# A part of a folded sheet that lies in shadow: by how much the whole is larger; where print is looked for beyond a
# side, in lengths of the sheet, and of how much of its area; levels of what is dark and thin, its share of the
# share on the sheet; the deviation of an even ground. And levels by which the paper there is lighter than the table
# around the other sides, and the share of print that tells it then.
_MIN_LARGER = 1.15
_BEYOND, _MIN_BEYOND = (0.06, 0.3), 0.08
_MIN_STROKE_LEVELS, _MIN_PRINT, _MAX_PRINT, _MAX_UNEVEN = 12, 0.4, 2.0, 14.0
_MIN_LIGHTER, _MIN_SHADED_PRINT = 20, 0.1
# Another sheet beside it: its share of the sheet's area, of the four-sided figure around it, and of the sheet's print.
_MIN_OTHER, _MIN_OTHER_FILLED, _MIN_OTHER_PRINT = 0.1, 0.8, 0.25
_EDGE_PX = 11  # writing is looked for half as far from a sheet's sides, which are bent


def rectify_perspective(image: Grey) -> StepResult:
    """Show the sheet alone, as if seen from above, where it lies on something darker.

    Where its four edges cannot be found the picture stays as it is.
    """
    import cv2
    import numpy as np

    sheet = corners(image)
    if sheet is None:
        return unchanged(image)
    if (cut := _cut(image, sheet)) is not None:
        return cut
    top, right, bottom, left = (math.dist(sheet[side], sheet[(side + 1) % 4]) for side in range(4))
    width, height = round(max(top, bottom)), round(max(left, right))
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    forward = cv2.getPerspectiveTransform(sheet, flat)
    back = np.linalg.inv(forward)
    back /= back[2, 2]
    shift = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])  # from corners to middles and again to corners
    pixels = np.linalg.inv(shift) @ forward @ shift
    rectified = cv2.warpPerspective(
        image, pixels, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    a, b, c, d, e, f, g, h, i = (float(value) for value in back.ravel())
    return StepResult(rectified.astype("uint8"), Transform((a, b, c, d, e, f, g, h, i)))


def _cut(image: Grey, sheet: "Corners") -> StepResult | None:
    """Return the sheet cut out as it is, where it lies straight: nothing is blurred by that."""
    import numpy as np

    (left, top), (right, bottom) = sheet.min(axis=0), sheet.max(axis=0)
    straight = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    if np.abs(sheet - straight).max() > _MAX_OFF_SHARE * max(image.shape):
        return None
    x, y = max(0, math.ceil(left)), max(0, math.ceil(top))
    inside = image[y : math.floor(bottom), x : math.floor(right)].copy()
    return StepResult(inside, Transform((1, 0, x, 0, 1, y, 0, 0, 1)))


def corners(image: Grey) -> "Corners | None":
    """Return the corners of the sheet in the image's pixels, clockwise from the top left; None where none shows."""
    import cv2
    import numpy as np

    small = shrink_to(image, _DETECT_SIDE_PX)
    size = small.shape[1], small.shape[0]
    if min(size) < _MIN_SIDE_PX:
        return None
    # Without characters and lines on the paper, and without its grain.
    plain = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), 9).astype("uint8")
    level = _dividing_level(plain)
    four = _brighter(small, plain, level)
    if four is None or _is_rest_of_page(four, size):
        return None
    four = _with_shaded_part(small, plain, four)
    if four is None or has_soft_side(plain, four) or _has_other_sheet(small, plain, four, level):
        return None
    # A lit display, or a label on a dark box, is a part of what is to be read.
    if has_writing(small, cv2.dilate(_covered(four, plain), np.ones((_EDGE_PX, _EDGE_PX), np.uint8)) == 0):
        return None
    sheet: Corners = (four / np.array([size[0] / image.shape[1], size[1] / image.shape[0]])).astype(np.float32)
    return sheet


def _is_rest_of_page(four: "Corners", size: tuple[int, int]) -> bool:
    """Return whether three sides lie along the picture's: a page below a band of color, not a sheet on a table."""
    near = _MAX_BORDER_SHARE * max(size)
    sides = 0
    for side in range(4):
        start, end = four[side], four[(side + 1) % 4]
        for axis, border in ((0, 0), (0, size[0]), (1, 0), (1, size[1])):
            sides += abs(float(start[axis]) - border) <= near and abs(float(end[axis]) - border) <= near
    return sides >= 3


def _dividing_level(values: Grey) -> float:
    """Return the gray level that parts what is light from what is dark, by Otsu's method."""
    import cv2

    return float(cv2.threshold(values, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])


def _covered(four: "Corners", plain: Grey) -> Grey:
    """Return a mask of an image's pixels that is 1 within a four-sided figure."""
    import cv2
    import numpy as np

    return cv2.fillConvexPoly(np.zeros(plain.shape, np.uint8), four.astype(np.int32), 1).astype("uint8", copy=False)


def _brighter(small: Grey, plain: Grey, level: float) -> "Corners | None":
    """Return the sheet that is brighter than a level; None if what is so is no sheet."""
    import cv2
    import numpy as np

    bright = cv2.morphologyEx((plain > level).astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea).astype("int32")
    four = four_sided(outline, (small.shape[1], small.shape[0]))
    return four if four is not None and _is_sheet(small, plain, four) else None


def _with_shaded_part(small: Grey, plain: Grey, four: "Corners") -> "Corners | None":
    """Return the whole of a folded sheet one part of which lies in shadow, of which `four` is the other.

    None if there is print beyond a side, and no sheet that has it: what is read must not be cut off.
    """
    import cv2
    import numpy as np

    mask = _covered(four, plain)
    outside = plain[cv2.dilate(mask, np.ones((7, 7), np.uint8)) == 0]
    larger = _brighter(small, plain, _dividing_level(outside.reshape(1, -1)))
    if larger is not None and cv2.contourArea(larger) >= _MIN_LARGER * cv2.contourArea(four):
        return larger
    return None if _has_print_beyond(small, plain, four) else four


def _has_print_beyond(small: Grey, plain: Grey, four: "Corners") -> bool:
    """Return whether beyond a side of a sheet there is as much that is dark and thin as on it, on an even ground.

    Less is enough where that ground is lighter than those beyond the other sides: paper in shadow is.
    """
    import cv2
    import numpy as np

    strokes = cv2.subtract(plain, small) > _MIN_STROKE_LEVELS
    mask = _covered(four, plain)
    inside = float(strokes[mask > 0].mean())
    strips = [_beyond(four, side, plain) for side in range(4)]
    grounds = [float(np.median(plain[strip])) if strip.any() else 0.0 for strip in strips]
    for side, strip in enumerate(strips):
        if strip.sum() < _MIN_BEYOND * mask.sum():
            continue
        others = max(ground for other, ground in enumerate(grounds) if other != side)
        least = _MIN_SHADED_PRINT if others and grounds[side] - others >= _MIN_LIGHTER else _MIN_PRINT
        is_even = float(plain[strip].std()) <= _MAX_UNEVEN
        if is_even and least * inside <= float(strokes[strip].mean()) <= _MAX_PRINT * inside:
            return True
    return False


def _beyond(four: "Corners", side: int, plain: Grey) -> "NDArray[np.bool_]":
    """Return which pixels lie in a strip along the outside of a sheet's side."""
    import numpy as np

    start, end = four[side], four[(side + 1) % 4]
    out, back = four[side] - four[side - 1], four[(side + 1) % 4] - four[(side + 2) % 4]
    near, far = _BEYOND
    corners = np.array([start + near * out, end + near * back, end + far * back, start + far * out])
    return _covered(corners, plain) > 0


def _has_other_sheet(small: Grey, plain: Grey, four: "Corners", level: float) -> bool:
    """Return whether there is more paper with print beside a sheet, as when both sides of a card are on one picture."""
    import cv2
    import numpy as np

    mask = _covered(four, plain)
    beside = cv2.dilate(mask, np.ones((7, 7), np.uint8)) == 0
    bright = cv2.morphologyEx(((plain > level) & beside).astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    strokes = cv2.subtract(plain, small) > _MIN_STROKE_LEVELS
    inside = float(strokes[mask > 0].mean())
    for outline in cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        area, (width, height) = cv2.contourArea(outline), cv2.minAreaRect(outline)[1]
        if area < _MIN_OTHER * float(mask.sum()) or area < _MIN_OTHER_FILLED * width * height:
            continue
        other = np.zeros(plain.shape, np.uint8)
        cv2.drawContours(other, [outline], -1, 1, cv2.FILLED)
        if float(strokes[other > 0].mean()) >= _MIN_OTHER_PRINT * inside:
            return True
    return False


def _is_sheet(image: Grey, plain: Grey, four: "Corners") -> bool:
    """Return whether the figure is paper: of one brightness, lighter than what is around it, not just the picture.

    `plain` is the image without what is dark and thin on light.
    """
    import cv2
    import numpy as np

    mask = _covered(four, plain)
    near = cv2.dilate(mask, np.ones((31, 31), np.uint8)) - cv2.dilate(mask, np.ones((7, 7), np.uint8))
    if (near > 0).sum() < 0.01 * plain.size:
        return False
    paper, around = plain[mask > 0], plain[near > 0]
    # A block of light characters on dark becomes plain as well, but it is dark for the most part.
    middle = (float(np.median(paper)) + float(np.median(around))) / 2
    if np.median(image[mask > 0]) < middle:
        return False
    return float(np.percentile(paper, 15)) - float(np.percentile(around, 85)) >= _MIN_DARKER_LEVELS
