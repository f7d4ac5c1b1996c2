"""The step that brings text to the height engines like, and carries the way back."""

from typing import TYPE_CHECKING

from folio.documents.pixels import Grey
from folio.preprocess.step import StepResult
from folio.transform import Transform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


# Letters (pixels, median) below this height are too small for engines, which like them about this high.
SMALL_TEXT = 17
LIKED_TEXT = 24
MAX_ENLARGEMENT = 4.0
LARGE_TEXT = 80  # twice the height to which larger letters are reduced, where none of the page's is small
TALLEST = 160
MAX_SIDE = 6000  # pixels after enlarging


def normalize_text_height(image: Grey) -> StepResult:
    """Letters of the height that engines like, where they are small or huge, whatever the header says of resolution."""
    import cv2

    height, width = image.shape
    heights = character_heights(image)
    factor = 1.0
    if 0 < (typical := _weighted_median(heights)) < SMALL_TEXT:
        factor = min(MAX_ENLARGEMENT, LIKED_TEXT / typical, MAX_SIDE / max(height, width))
    elif typical > LARGE_TEXT and float(heights[:, 0].min()) > LIKED_TEXT:
        factor = LARGE_TEXT / 2 / typical
    if 0.9 <= factor <= 1.1:
        return StepResult(image, done=False)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    scaled = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA).astype("uint8")
    return StepResult(scaled, Transform.scale(width / size[0], height / size[1]))


def character_height(image: Grey) -> float:
    """Median height of shapes that can be letters, in pixels; 0 if there are none."""
    return _weighted_median(character_heights(image))


def _weighted_median(heights: "NDArray[np.float64]") -> float:
    import numpy as np

    if not len(heights):
        return 0.0
    ordered = heights[np.argsort(heights[:, 0])]
    shares = np.cumsum(ordered[:, 1])
    return float(ordered[np.searchsorted(shares, shares[-1] / 2), 0])


def character_heights(image: Grey) -> "NDArray[np.float64]":
    """Heights of shapes that can be letters, and their areas: the dots of a screen must not outvote the letters."""
    import cv2
    import numpy as np

    _, inked = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if inked.mean() > 127:
        inked = cv2.bitwise_not(inked)
    stats = cv2.connectedComponentsWithStats(inked)[2][1:]
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    # Not specks, not rules, not pictures.
    letters = (height >= 4) & (height <= TALLEST) & (width <= 4 * height) & (height <= 6 * width) & (area >= 8)
    return np.stack([height[letters], (width * height)[letters]], axis=1).astype(float)
