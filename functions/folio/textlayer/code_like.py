"""Where on a page a barcode or a QR code may be, told by a small drawing of it.

A code is compact and full of edges. Rules, frames and underlines are thin, and shaded cells have no edges; reading a
page for codes costs ten times as much as looking at its drawing.
"""

from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey, components
from folio.transform import Box, bounds_of, overlap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Flags = NDArray[np.bool_]

# In pixels of a drawing whose longer side has 640 (2.2 a millimeter on A4).
_SIDE_PX = 6  # both sides of a code have as much
_GAP_PX = 3  # between two bars or modules, which are one
_MIN_STEP_LEVELS = 20  # in brightness, from one pixel to the next: an edge
# Of a square with that side, larger than the corner of a shaded cell. Drawn codes of eight kinds, of 0.25 mm modules
# and more: 0.89 to 1.0.
_WINDOW_PX = 9
_MIN_EDGES_SHARE = 0.6
# Around such a square: what of a code is less dense, and its quiet zone.
_JOINED_PX, _MARGIN_PX = 13, 14


def code_boxes(drawing: Grey, ink: "Flags") -> list[Box]:
    """Return where such a thing may be in the `ink` beside a page's words, in pixels of the drawing of the page."""
    import cv2
    import numpy as np

    gap, square, near = (np.ones((side, side), np.uint8) for side in (_GAP_PX, _SIDE_PX, _JOINED_PX))
    closed = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, gap)
    compact = cv2.morphologyEx(closed, cv2.MORPH_OPEN, square).astype(bool)
    if not compact.any():
        return []
    dense = _edges_share(drawing, compact) >= _MIN_EDGES_SHARE
    parts = components(cv2.dilate((compact | dense).astype(np.uint8), near).astype(np.uint8, copy=False))
    holding = np.bincount(parts.labels[dense], minlength=len(parts.area) + 1)[1:] > 0
    return _merged([_around(*sides) for sides in parts.boxes(holding)])


def _edges_share(drawing: Grey, compact: "Flags") -> "NDArray[np.float32]":
    """Return how much of the square around each pixel is edges of what is compact."""
    import cv2
    import numpy as np

    steps = np.zeros_like(drawing)
    steps[:, 1:] = cv2.absdiff(drawing[:, 1:], drawing[:, :-1])
    steps[1:] = np.maximum(steps[1:], cv2.absdiff(drawing[1:], drawing[:-1]))
    edges = (steps > _MIN_STEP_LEVELS) & compact
    return cv2.boxFilter(edges.astype(np.uint8), cv2.CV_32F, (_WINDOW_PX, _WINDOW_PX)).astype(np.float32, copy=False)


def _merged(boxes: list[Box]) -> list[Box]:
    """Return boxes with those that overlap as one."""
    merged: list[Box] = []
    for one in boxes:
        joined = one
        while near := [other for other in merged if overlap(joined, other)]:
            merged = [other for other in merged if other not in near]
            joined = bounds_of((joined, *near))
        merged.append(joined)
    return merged


def _around(left: int, top: int, right: int, bottom: int) -> Box:
    return left - _MARGIN_PX, top - _MARGIN_PX, right + _MARGIN_PX, bottom + _MARGIN_PX
