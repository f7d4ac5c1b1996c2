"""Letters that are small in a large image, as on a sheet in a photograph: the part with text is looked at closer.

The detector is shown a page reduced. Where its lines are small even in the page's own pixels, or the sheet is small in
the picture, some are not found so and others run into their neighbors; shown once more, larger and without what lies
around the text, they are parted.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.curved import Strip
from folio.providers.ppocr.lines.detection import corners_of, detect
from folio.providers.ppocr.lines.quick_detection import detect_quickly
from folio.providers.ppocr.lines.scale import FULL_SIDE_PX, detection_scale, full_side
from folio.providers.ppocr.onnx.networks import Networks

if TYPE_CHECKING:
    from folio.providers.ppocr.lines.detection import Region

# Height of a line's rectangle in the page's pixels, letters of about half of it: below it lines are small, and so high
# they are shown. Measured on photographs of sheets: English recall 94.4 to 96.1, German 77.3 to 78.8, Japanese 78.0 to
# 79.4. Scans that were not reduced gain nothing.
_SMALL_PX = 24.0
# The text of a sheet in a picture, that of larger lines too: its share of the picture, and by how many levels of 255
# its paper differs from what lies around it; of one pixel in so many. On scans the margins are paper as well.
# It is to be larger than it was shown by so much: 1.28 lost a word of a magazine.
_MAX_SHARE, _MIN_OTHER_LEVELS, _SAMPLE_PX, _MIN_IN_PICTURE = 0.5, 20, 8, 1.35
_MIN_LINES = 10  # of fewer it is not told how high lines are
_MIN_ENLARGEMENT, _MAX_ENLARGEMENT = 1.15, 1.6  # less changes little; more than the image's own pixels tells nothing
_MAX_PIXELS = FULL_SIDE_PX**2  # that the detector is shown: its memory grows with them
_MARGIN = 2.0  # around the text, in heights of a line


def find_lines(image: Grey, networks: Networks) -> list["Region"]:
    """Return where the lines of a grey page are, in its pixels, from the top down."""
    scale = detection_scale(image)
    side = scale.side
    quick_map = networks.quick_text_map
    lines = detect_quickly(image, scale, quick_map, networks.text_map) if quick_map else None
    if lines is None:
        lines = detect(image, networks, side)
    ratio = side / max(image.shape)
    is_large_enough = ratio >= 1 or side < full_side(image)
    if is_large_enough or len(lines) < _MIN_LINES:
        return lines
    height = _typical_height(lines)
    left, top, right, bottom = around = _around(lines, _MARGIN * height, image)
    part = image[top:bottom, left:right]
    closer = min(_SMALL_PX / height, _MAX_ENLARGEMENT, (_MAX_PIXELS / part.size) ** 0.5)
    is_small = height < _SMALL_PX
    if closer < (_MIN_ENLARGEMENT if is_small else _MIN_IN_PICTURE) * ratio:
        return lines
    if not is_small and not _is_in_picture(around, image):
        return lines
    return [_moved(line, (left, top)) for line in detect(part, networks, round(closer * max(part.shape)))]


def _is_in_picture(around: tuple[int, int, int, int], image: Grey) -> bool:
    """Return whether the part of an image that has its text is on a sheet in a larger picture."""
    import numpy as np

    left, top, right, bottom = around
    if (right - left) * (bottom - top) > _MAX_SHARE * image.size:
        return False
    sample = image[::_SAMPLE_PX, ::_SAMPLE_PX]
    is_part = np.zeros(sample.shape, np.bool_)
    is_part[top // _SAMPLE_PX : bottom // _SAMPLE_PX + 1, left // _SAMPLE_PX : right // _SAMPLE_PX + 1] = True
    beside, paper = np.median(sample[~is_part]), np.percentile(sample[is_part], 75)
    return bool(abs(paper - beside) >= _MIN_OTHER_LEVELS)


def _typical_height(lines: Sequence["Region"]) -> float:
    """Return the height of lines, those of half their whole length being lower."""
    import numpy as np

    corners = np.stack([corners_of(line) for line in lines])
    sides = np.linalg.norm(corners[:, [0, 1]] - corners[:, [1, 2]], axis=2)
    heights, lengths = sides.min(1), sides.max(1)
    order = np.argsort(heights)
    passed = np.cumsum(lengths[order])
    return float(heights[order][np.searchsorted(passed, passed[-1] / 2)])


def _around(lines: Sequence["Region"], margin: float, image: Grey) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of all lines and a margin, within the image."""
    import numpy as np

    points = np.concatenate([corners_of(line) for line in lines])
    left, top = np.maximum(points.min(0) - margin, 0).astype(int).tolist()
    right, bottom = np.minimum(points.max(0) + margin, image.shape[::-1]).astype(int).tolist()
    return left, top, right, bottom


def _moved(line: "Region", by: tuple[int, int]) -> "Region":
    import numpy as np

    offset = np.array(by, np.float32)
    return Strip(line.edges + offset) if isinstance(line, Strip) else line + offset
