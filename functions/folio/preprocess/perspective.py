"""The step that finds a photographed sheet by its four edges and lays it flat; carries the way back.

OpenCV counts from the middles of pixels, Folio from their corners.
"""

import math
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey, shrink_to
from folio.preprocess.step import StepResult, unchanged
from folio.transform import Transform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Corners = NDArray[np.float32]  # 4 x 2, clockwise from the top left one

_DETECT_SIDE_PX = 600  # of the longer side
_MIN_SIDE_PX = 50  # of the shorter side of the copy
_MIN_SHEET_SHARE, _MAX_SHEET_SHARE = 0.2, 0.97  # of the picture
_MIN_DARKER_LEVELS = 35  # grey levels of 255 by which what is around a sheet is darker than the paper
_MAX_CORNER_DEGREES = 25.0  # by which a corner may differ from a right angle
_MAX_OFF_SHARE = 0.003  # of the longer side: a sheet whose corners are no farther from a rectangle is cut out
_MAX_BORDER_SHARE = 0.01  # of the longer side, between a side and the picture's border along which it lies
_MIN_PAPER_SHARE = 0.94  # of the four-sided figure
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
    four = _brighter(small, plain, float(cv2.threshold(plain, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]))
    if four is None or _is_rest_of_page(four, size):
        return None
    four = _with_shaded_part(small, plain, four)
    if four is None or _has_other_sheet(small, plain, four):
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


def _brighter(small: Grey, plain: Grey, level: float) -> "Corners | None":
    """Return the sheet that is brighter than a level; None if what is so is no sheet."""
    import cv2
    import numpy as np

    bright = cv2.morphologyEx((plain > level).astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea).astype("int32")
    four = _four_sided(outline, (small.shape[1], small.shape[0]))
    return four if four is not None and _is_sheet(small, plain, four) else None


def _with_shaded_part(small: Grey, plain: Grey, four: "Corners") -> "Corners | None":
    """Return the whole of a folded sheet one part of which lies in shadow, of which `four` is the other.

    None if there is print beyond a side, and no sheet that has it: what is read must not be cut off.
    """
    import cv2
    import numpy as np

    mask = np.zeros(plain.shape, np.uint8)
    cv2.fillConvexPoly(mask, four.astype(np.int32), 1)
    outside = plain[cv2.dilate(mask, np.ones((7, 7), np.uint8)) == 0]
    level = float(cv2.threshold(outside.reshape(1, -1), 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])
    larger = _brighter(small, plain, level)
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
    mask = np.zeros(plain.shape, np.uint8)
    cv2.fillConvexPoly(mask, four.astype(np.int32), 1)
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
    import cv2
    import numpy as np

    start, end = four[side], four[(side + 1) % 4]
    out, back = four[side] - four[side - 1], four[(side + 1) % 4] - four[(side + 2) % 4]
    near, far = _BEYOND
    corners = np.array([start + near * out, end + near * back, end + far * back, start + far * out])
    return cv2.fillConvexPoly(np.zeros(plain.shape, np.uint8), corners.astype(np.int32), 1) > 0


def _has_other_sheet(small: Grey, plain: Grey, four: "Corners") -> bool:
    """Return whether there is more paper with print beside a sheet, as when both sides of a card are on one picture."""
    import cv2
    import numpy as np

    mask = np.zeros(plain.shape, np.uint8)
    cv2.fillConvexPoly(mask, four.astype(np.int32), 1)
    beside = cv2.dilate(mask, np.ones((7, 7), np.uint8)) == 0
    level = float(cv2.threshold(plain, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])
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


def _four_sided(outline: "NDArray[np.int32]", size: tuple[int, int]) -> "Corners | None":
    """Return the quadrilateral that an outline nearly is, on the corners of pixels; None if it is not one."""
    import cv2
    import numpy as np

    area = cv2.contourArea(outline)
    hull = cv2.convexHull(outline)
    if not _MIN_SHEET_SHARE <= area / (size[0] * size[1]) <= _MAX_SHEET_SHARE:
        return None
    if area < _MIN_PAPER_SHARE * cv2.contourArea(hull):
        return None
    around = cv2.arcLength(hull, closed=True)
    shapes = (cv2.approxPolyDP(hull, tolerance * around, True) for tolerance in (0.01, 0.02, 0.03, 0.05))
    rough = next((shape for shape in shapes if len(shape) <= 4), None)
    if rough is None or len(rough) != 4:
        return None
    points = _ordered(rough.reshape(4, 2).astype(float))
    exact = _refined(points, outline.reshape(-1, 2).astype(float))
    if exact is None or not all(abs(angle - 90) <= _MAX_CORNER_DEGREES for angle in _angles(exact)):
        return None
    return exact.astype(np.float32)


def _ordered(points: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Order corners clockwise from the one nearest to the top left."""
    import numpy as np

    middle = points.mean(axis=0)
    turn = np.argsort(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]))
    points = points[turn]
    ordered: NDArray[np.float64] = np.roll(points, -int(np.argmin(points.sum(axis=1))), axis=0)
    return ordered


def _refined(points: "NDArray[np.float64]", outline: "NDArray[np.float64]") -> "NDArray[np.float64] | None":
    """Return where the straight lines along the four sides meet: corners of paper are bent or round."""
    import cv2
    import numpy as np

    lines = []
    for side in range(4):
        start, end = points[side], points[(side + 1) % 4]
        along = end - start
        length = float(np.hypot(*along))
        normal = np.array([along[1], -along[0]]) / length  # outwards
        position = (outline - start) @ along / length**2
        off = np.abs((outline - start) @ normal)
        near = outline[(position > 0.1) & (position < 0.9) & (off < 0.03 * length + 3)]
        if len(near) < 10:
            return None
        line = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01)
        dx, dy, x, y = (float(value) for value in line.ravel())
        # The outline runs along the middles of the outermost pixels of the paper.
        lines.append((np.array([x, y]) + 0.5 + 0.5 * normal, np.array([dx, dy])))
    corners = []
    for side in range(4):
        (p, u), (q, v) = lines[side - 1], lines[side]
        cross = u[0] * v[1] - u[1] * v[0]
        if abs(cross) < 0.2:
            return None
        corners.append(p + u * (((q - p)[0] * v[1] - (q - p)[1] * v[0]) / cross))
    return np.array(corners)


def _angles(points: "NDArray[np.float64]") -> list[float]:
    """Return the degrees inside the corners."""
    import numpy as np

    angles = []
    for index in range(4):
        one, other = points[index - 1] - points[index], points[(index + 1) % 4] - points[index]
        angles.append(math.degrees(math.acos(float(one @ other) / float(np.hypot(*one) * np.hypot(*other)))))
    return angles


def _is_sheet(image: Grey, plain: Grey, four: "Corners") -> bool:
    """Return whether the figure is paper: of one brightness, lighter than what is around it, not just the picture.

    `plain` is the image without what is dark and thin on light.
    """
    import cv2
    import numpy as np

    mask = np.zeros(plain.shape, np.uint8)
    cv2.fillConvexPoly(mask, four.astype(np.int32), 1)
    near = cv2.dilate(mask, np.ones((31, 31), np.uint8)) - cv2.dilate(mask, np.ones((7, 7), np.uint8))
    if (near > 0).sum() < 0.01 * plain.size:
        return False
    paper, around = plain[mask > 0], plain[near > 0]
    # A block of light characters on dark becomes plain as well, but it is dark for the most part.
    middle = (float(np.median(paper)) + float(np.median(around))) / 2
    if np.median(image[mask > 0]) < middle:
        return False
    return float(np.percentile(paper, 15)) - float(np.percentile(around, 85)) >= _MIN_DARKER_LEVELS
