"""The four corners of an outline that is nearly a quadrilateral, as a sheet's in a photograph is."""

import math
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Corners = NDArray[np.float32]  # 4 x 2, clockwise from the top left one

_MIN_SHEET_SHARE, _MAX_SHEET_SHARE = 0.2, 0.97  # of the picture
_MAX_CORNER_DEGREES = 25.0  # by which a corner may differ from a right angle
_MIN_PAPER_SHARE = 0.94  # of the four-sided figure
# A side is looked at across, that far and in a window that wide, in longer sides of the picture. The step of paper's
# edges in the window is 0.75 to 1.1 of what lies between inside and outside, that of a telephone's shadow 0.2 to 0.35.
_ACROSS, _WINDOW, _MIN_STEP = 0.06, 0.0125, 0.5
_PLACES, _MIN_PLACES, _MIN_DARKER = 25, 5, 10  # along a side, and with that many levels of 255 less outside


def four_sided(outline: "NDArray[np.int32]", size: tuple[int, int]) -> "Corners | None":
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


def has_soft_side(plain: Grey, four: "Corners") -> bool:
    """Return whether it becomes dark slowly beyond a side, as in a shadow that falls on paper: that is no paper's edge.

    `plain` is the picture without what is dark and thin on light.
    """
    import numpy as np

    longer, middle = max(plain.shape), four.mean(axis=0)
    reach, window = round(_ACROSS * longer), max(3, round(_WINDOW * longer))
    for side in range(4):
        start, along = four[side], four[(side + 1) % 4] - four[side]
        out = np.array([along[1], -along[0]]) / max(1.0, float(np.hypot(*along)))
        if (start - middle) @ out < 0:
            out = -out
        locations = start + np.linspace(0.1, 0.9, _PLACES)[:, None] * along
        points = (locations[:, None] + np.arange(-reach, reach + 1)[:, None] * out).round().astype(int)
        inside = ((points >= 0) & (points < plain.shape[::-1])).all(axis=(1, 2))
        shades = plain[points[inside, :, 1], points[inside, :, 0]].astype(np.float32)
        fall = np.median(shades[:, :window], axis=1) - np.median(shades[:, -window:], axis=1)
        steps = (shades[:, :-window] - shades[:, window:])[fall > _MIN_DARKER].max(axis=1)
        if len(steps) >= _MIN_PLACES and float(np.median(steps / fall[fall > _MIN_DARKER])) < _MIN_STEP:
            return True
    return False


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
