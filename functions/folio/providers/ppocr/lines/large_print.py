"""Letters larger than the detector sees at once: posters, signs, a word that fills its picture.

At the size of detection letters of more than about 280 pixels fall into pieces or are not found at all. A page with few
lines is therefore shown to the detector once more, much reduced, which takes a hundredth of the time. And where it sees
no line at all on a page that it was shown reduced, characters are looked for at the page's own size.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.detection import corners_of, detect
from folio.providers.ppocr.lines.scale import FULL_SIDE_PX
from folio.providers.ppocr.onnx.networks import Networks
from folio.providers.tesseract.missed_text import find_missed_text
from folio.transform import box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.lines.detection import Corners

    type Boxes = NDArray[np.float32]

LARGE_CONFIDENCE = 0.9  # mean of the characters; less is mostly a picture, or several lines taken for one
MAX_LINES = 20  # of a page that may have large print
_SIDE_PX = 240  # of the longer side
# Of a line of large print, in shares of the longer side and in pixels: lower ones are seen at the size of detection.
_MIN_HEIGHT_SHARE, _MIN_HEIGHT_PX = 0.1, 160
_AROUND_PX = 3  # of small print that is cut out
_MIN_COVERED_SHARE = 0.5  # of a line that belongs to the large one it lies in


def find_large(image: Grey, networks: Networks) -> list["Corners"]:
    """Return the corners of lines of large print, in the image's pixels."""
    least = max(_MIN_HEIGHT_PX, _MIN_HEIGHT_SHARE * max(image.shape))
    if least > min(image.shape):
        return []
    lines = (corners_of(region) for region in detect(image, networks, min(_SIDE_PX, max(image.shape))))
    return [corners for corners in lines if _shorter_side(corners) >= least]


def find_small(image: Grey) -> list["Corners"]:
    """Return the corners of the longest strips of what looks like characters, where the page is seen reduced."""
    import numpy as np

    if max(image.shape) <= FULL_SIDE_PX:
        return []
    strips = sorted(find_missed_text(image, []).boxes, key=lambda strip: strip[0] - strip[2])[:MAX_LINES]
    grow = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float32) * _AROUND_PX
    return [np.array(box(*strip), np.float32) + grow for strip in strips]


def covered_by(large: "Corners", lines: Sequence["Corners"]) -> list[bool]:
    """Return which lines are pieces of the large one."""
    import numpy as np

    if not lines:
        return []
    boxes = _boxes(lines)
    outer = _boxes([large])[0]
    sides = np.minimum(boxes[:, 2:], outer[2:]) - np.maximum(boxes[:, :2], outer[:2])
    shared = np.clip(sides, 0, None).prod(axis=1)
    covered: list[bool] = (shared >= _MIN_COVERED_SHARE * (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)).tolist()
    return covered


def _boxes(lines: Sequence["Corners"]) -> "Boxes":
    """Return left, top, right and bottom of each."""
    import numpy as np

    corners = np.stack(lines)
    boxes: Boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    return boxes


def _shorter_side(corners: "Corners") -> float:
    import numpy as np

    return float(min(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[1] - corners[2])))
