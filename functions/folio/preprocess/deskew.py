"""The step that straightens a page that lies askew, and carries the way back."""

import math
from typing import TYPE_CHECKING

from folio.documents.raster.characters import can_be_in_any_direction
from folio.documents.raster.pixels import Grey, components, shrink_to
from folio.preprocess.step import StepResult, unchanged
from folio.transform import Transform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


# Engines straighten less by themselves, and every turn blurs a little.
MIN_SKEW_DEGREES = 0.8
MAX_SKEW_DEGREES = 15.0
_SEARCH_DEGREES = 25.0  # farther, so that a page that lies more askew is not taken for one that lies less
_COARSE_DEGREES, _FINE_DEGREES = 1.0, 0.1  # of the search
_MIN_CHARACTERS = 60  # a few words make no profile: three straight ones were turned by 1.2 degrees
_DETECT_SIDE_PX = 1000  # of the longer side


def deskew(image: Grey) -> StepResult:
    """Straighten a page that lies askew by 0.8 to 15 degrees, on paper large enough that nothing is cut off."""
    import cv2
    import numpy as np

    angle = skew(image)
    if abs(angle) < MIN_SKEW_DEGREES:
        return unchanged(image)
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    size = math.ceil(width * cosine + height * sine), math.ceil(height * cosine + width * sine)
    turn[0, 2] += (size[0] - width) / 2
    turn[1, 2] += (size[1] - height) / 2
    paper = float(np.median(image))
    straight = cv2.warpAffine(image, turn, size, flags=cv2.INTER_CUBIC, borderValue=paper).astype("uint8")
    a, b, c, d, e, f = (float(value) for value in cv2.invertAffineTransform(turn).ravel())
    return StepResult(straight, Transform((a, b, c, d, e, f, 0, 0, 1)), note=f"{angle:+.1f} degrees", skew=-angle)


def skew(image: Grey) -> float:
    """Return the degrees by which the page must be turned counterclockwise to lie straight; 0 where no lines show.

    Lines of text that lie straight make the sharpest profile of ink. Source: Postl 1986 (projection profiles).
    """
    import numpy as np

    ink, count = _characters(image)
    if count < _MIN_CHARACTERS:
        return 0.0
    ys, xs = np.nonzero(ink)

    def sharpness(degrees: float) -> float:
        radians = math.radians(degrees)
        cosine, sine = math.cos(radians), math.sin(radians)
        # Along the rows and, for a page that lies on its side, along the columns.
        return max(_energy(ys * cosine - xs * sine), _energy(xs * cosine + ys * sine))

    angles = np.arange(-_SEARCH_DEGREES, _SEARCH_DEGREES + _COARSE_DEGREES, _COARSE_DEGREES)
    coarse = {float(angle): sharpness(float(angle)) for angle in angles}
    rough = max(coarse, key=lambda angle: coarse[angle])
    fine = np.arange(rough - _COARSE_DEGREES, rough + _COARSE_DEGREES + _FINE_DEGREES, _FINE_DEGREES)
    angle = max((float(angle) for angle in fine), key=sharpness)
    # Text is sharp at one angle and at no other; grain and pictures are about as sharp at all.
    least = max(1.15 * sharpness(0.0), 1.5 * float(np.median(list(coarse.values()))))
    if abs(angle) > MAX_SKEW_DEGREES or sharpness(angle) < least:
        return 0.0
    return round(angle, 1) or 0.0


def _energy(offsets: "NDArray[np.float64]") -> float:
    import numpy as np

    profile = np.bincount((offsets - offsets.min()).astype(np.intp)).astype(float)
    return float(np.sum(np.diff(profile) ** 2))


def _characters(image: Grey) -> tuple[Grey, int]:
    """Return where shapes of a character's size are, on a small copy, and how many."""
    import cv2
    import numpy as np

    small = shrink_to(image, _DETECT_SIDE_PX)
    around = cv2.blur(small, (31, 31)).astype(np.int16)
    darker = around - small if np.median(small) > 100 else small - around
    shapes = components((darker > 25).astype(np.uint8))
    characters = can_be_in_any_direction(shapes)
    return shapes.mask(characters), int(characters.sum())
