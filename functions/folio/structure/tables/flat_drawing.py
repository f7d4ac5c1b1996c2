"""A bent page's drawing laid flat, and its upright lines set upright: ruling lines are looked for along both."""

from typing import TYPE_CHECKING

from folio.text.bend import Bend
from folio.transform import Transform

if TYPE_CHECKING:
    from folio.documents.raster.pixels import Floats, Grey

_STEPS_ACROSS, _STEPS_DOWN = 48, 32  # of the grid on which the bend is worked out; it is smooth in between
_SPREAD_PX = 5  # by which upright strokes are widened so that leaning ones stay whole
_MIN_LONG, _MAX_LEAN = 2.5, 0.15  # heights of a stroke whose lean tells; pixels across for one down
_MIN_STROKES = 4
_MIN_SPAN = 0.3  # of the width, over which leans are told apart: on a photograph they differ from side to side


def laid_flat(small: "Grey", to_small: Transform, size: tuple[int, int], bend: Bend, scale: float) -> "Grey":
    """Return a drawing on the flat page: `to_small` leads to the upright frame in pixels of `scale` of its own."""
    import cv2
    import numpy as np

    back = to_small.inverse()
    width, height = size
    columns, rows = np.linspace(0, width, _STEPS_ACROSS), np.linspace(0, height, _STEPS_DOWN)
    at = np.array(
        [
            [back.point((float(x), bend.height(float(x) * scale, float(y) * scale) / scale)) for x in columns]
            for y in rows
        ],
        np.float32,
    )
    across, down = (
        cv2.warpAffine(
            np.ascontiguousarray(at[..., axis]),
            np.array([[(width / (_STEPS_ACROSS - 1)), 0, 0], [0, height / (_STEPS_DOWN - 1), 0]]),
            size,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for axis in (0, 1)
    )
    return cv2.remap(small, across, down, cv2.INTER_LINEAR, borderValue=255).astype("uint8", copy=False)


def leans(ink: "Grey", px: float) -> tuple[float, float]:
    """Return how upright strokes lean at the left edge, in pixels across for one down, and how much more a pixel on.

    `ink` is 1 where thin strokes are, `px` the height of its text.
    """
    import cv2
    import numpy as np

    wide = cv2.dilate(ink, np.ones((1, _SPREAD_PX), np.uint8))
    opened = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((max(2, round(px)), 1), np.uint8))
    strokes = []
    for contour in cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        left, _, width, height = cv2.boundingRect(contour)
        if height < _MIN_LONG * px or width > _MAX_LEAN * height + 2 * _SPREAD_PX:
            continue
        dx, dy, _, _ = (float(value) for value in cv2.fitLine(contour, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel())
        if abs(dx) <= _MAX_LEAN * abs(dy):
            strokes.append((left + width / 2, dx / dy, float(height)))
    if len(strokes) < _MIN_STROKES:
        return 0.0, 0.0
    at, lean, weight = np.array(strokes).T
    usual = float(np.median(lean))
    near = np.abs(lean - usual) <= _MAX_LEAN / 2
    if np.ptp(at[near]) < _MIN_SPAN * ink.shape[1]:
        return usual, 0.0
    slope, start = np.polyfit(at[near], lean[near], 1, w=weight[near])
    return float(start), float(slope)


def set_upright(ink: "Grey", lean: tuple[float, float]) -> "Grey":
    """Return a mask whose strokes lean no more: each keeps its place in the middle of the height."""
    import cv2
    import numpy as np

    rows, columns = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]].astype(np.float32)
    across: Floats = columns + (lean[0] + lean[1] * columns) * (rows - ink.shape[0] / 2)
    return cv2.remap(255 * ink, across.astype(np.float32), rows, cv2.INTER_LINEAR).astype("uint8", copy=False)
