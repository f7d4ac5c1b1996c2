"""The four corners of an outline that is nearly a quadrilateral, as a sheet's in a photograph is."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Corners = NDArray[np.float32]  # 4 x 2, clockwise from the top left one

_MIN_SHEET_SHARE, _MAX_SHEET_SHARE = 0.2, 0.97  # of the picture
_MAX_CORNER_DEGREES = 25.0  # by which a corner may differ from a right angle
_MIN_PAPER_SHARE = 0.94  # of the four-sided figure


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
