"""Pages that lie on their side or upside down, turned upright before they are read: so more of their lines are found.

Of lines that run downwards the detector finds some in parts alone, and short ones not at all.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from folio.documents.raster.pixels import Grey
from folio.models import PageText
from folio.providers.ppocr.text.crop import Crop
from folio.text.geometry import transform_text
from folio.transform import Transform

_MIN_KEPT = 0.97  # of the length of all lines; the same lines are found up to 2% shorter


def turned_upright(image: Grey, rotation: int) -> Grey:
    """Return an image that is turned clockwise by `rotation` (90, 180 or 270 degrees) as it is upright."""
    import cv2
    import numpy as np

    turn = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}[rotation]
    return cv2.rotate(image, turn).astype(np.uint8, copy=False)


def has_lost(upright: Sequence[Crop], turned: Sequence[Crop]) -> bool:
    """Return whether fewer lines are found on a page that was turned upright, as around a picture in a photograph."""
    return sum(one.length for one in upright) < _MIN_KEPT * sum(one.length for one in turned)


def as_it_lay(text: PageText, rotation: int, shape: tuple[int, ...]) -> PageText:
    """Return what was read upright, in the pixels of the turned image; `shape` is that image's, height first."""
    height, width = shape
    back = {
        90: Transform((0, -1, width, 1, 0, 0, 0, 0, 1)),
        180: Transform((-1, 0, width, 0, -1, height, 0, 0, 1)),
        270: Transform((0, 1, 0, -1, 0, height, 0, 0, 1)),
    }[rotation]
    return replace(transform_text(text, back.polygon), rotation=rotation)
