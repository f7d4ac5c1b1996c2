"""The step that straightens a page that lies askew, and carries the way back."""

import math
from typing import TYPE_CHECKING

from folio.documents.pixels import Grey
from folio.preprocess.step import StepResult
from folio.transform import Transform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


# Degrees. Engines straighten less by themselves, and every turn blurs a little.
LEAST_SKEW = 0.8
MOST_SKEW = 15.0
_SEARCHED = 25.0  # farther, so that a page that lies more askew is not taken for one that lies less
_COARSE, _FINE = 1.0, 0.1
_MIN_CHARACTERS = 60  # a few words make no profile: three straight ones were turned by 1.2 degrees
_LOOK = 1000  # pixels of the longer side on which the skew is looked for


def deskew(image: Grey) -> StepResult:
    """Straighten a page that lies askew by 0.8 to 15 degrees, on paper large enough that nothing is cut off."""
    import cv2
    import numpy as np

    angle = skew(image)
    if abs(angle) < LEAST_SKEW:
        return StepResult(image, done=False)
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
    """Degrees by which the page must be turned against the clock to lie straight; 0 where lines cannot be told.

    Lines of text that lie straight make the sharpest profile of ink. Source: Postl 1986 (projection profiles).
    """
    import numpy as np

    ink, letters = _characters(image)
    if letters < _MIN_CHARACTERS:
        return 0.0
    ys, xs = np.nonzero(ink)

    def sharpness(degrees: float) -> float:
        radians = math.radians(degrees)
        cosine, sine = math.cos(radians), math.sin(radians)
        # Along the rows and, for a page that lies on its side, along the columns.
        return max(_energy(ys * cosine - xs * sine), _energy(xs * cosine + ys * sine))

    coarse = {float(angle): sharpness(float(angle)) for angle in np.arange(-_SEARCHED, _SEARCHED + _COARSE, _COARSE)}
    rough = max(coarse, key=lambda angle: coarse[angle])
    fine = np.arange(rough - _COARSE, rough + _COARSE + _FINE, _FINE)
    angle = max((float(angle) for angle in fine), key=sharpness)
    # Text is sharp at one angle and at no other; grain and pictures are about as sharp at all.
    least = max(1.15 * sharpness(0.0), 1.5 * float(np.median(list(coarse.values()))))
    if abs(angle) > MOST_SKEW or sharpness(angle) < least:
        return 0.0
    return round(angle, 1) or 0.0


def _energy(places: "NDArray[np.float64]") -> float:
    import numpy as np

    profile = np.bincount((places - places.min()).astype(np.intp)).astype(float)
    return float(np.sum(np.diff(profile) ** 2))


def _characters(image: Grey) -> "tuple[NDArray[np.uint8], int]":
    """Where shapes of a letter's size are, on a small copy, and how many."""
    import cv2
    import numpy as np

    scale = min(1.0, _LOOK / max(image.shape))
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    around = cv2.blur(small, (31, 31)).astype(np.int16)
    darker = around - small if np.median(small) > 100 else small - around
    inked = (darker > 25).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inked)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    longest = np.maximum(width, height)
    fitting = (longest >= 3) & (longest <= 60) & (stats[:, cv2.CC_STAT_AREA] >= 4)
    fitting[0] = False
    found: NDArray[np.uint8] = fitting[labels].astype(np.uint8)
    return found, int(fitting.sum())
