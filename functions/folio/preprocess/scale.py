"""The step that brings text to the height engines like, and carries the way back."""

from folio.documents.raster.characters import DRAWN
from folio.documents.raster.pixels import Floats, Grey, components
from folio.preprocess.step import StepResult, unchanged
from folio.transform import Transform

# Characters (median height) below the first are too small for engines, which read them best at about the second.
MIN_TEXT_PX = 17
BEST_TEXT_PX = 24
MAX_ENLARGEMENT = 4.0
_MAX_TEXT_PX = 80  # twice the height to which larger characters are reduced, where none of the page's is small
MAX_SIDE_PX = 6000  # of the enlarged page


def normalize_text_height(image: Grey) -> StepResult:
    """Bring small or huge characters to the height that engines read best, whatever resolution the header states."""
    import cv2

    height, width = image.shape
    heights = character_heights(image)
    factor = 1.0
    if 0 < (typical := weighted_median(heights)) < MIN_TEXT_PX:
        factor = min(MAX_ENLARGEMENT, BEST_TEXT_PX / typical, MAX_SIDE_PX / max(height, width))
    elif typical > _MAX_TEXT_PX and float(heights[:, 0].min()) > BEST_TEXT_PX:
        factor = _MAX_TEXT_PX / 2 / typical
    if 0.9 <= factor <= 1.1:
        return unchanged(image)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    scaled = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA).astype("uint8")
    return StepResult(scaled, Transform.scale(width / size[0], height / size[1]))


def character_height(image: Grey) -> float:
    """Return the median height of shapes that can be characters, in pixels; 0 if there are none."""
    return weighted_median(character_heights(image))


def character_heights(image: Grey) -> Floats:
    """Return heights of shapes that can be characters and the areas of their boxes (n x 2), their weights.

    Weighted, the dots of a screen do not outvote the characters.
    """
    import cv2
    import numpy as np

    _, inked = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if inked.mean() > 127:
        inked = cv2.bitwise_not(inked)
    shapes = components(inked.astype("uint8", copy=False))
    characters = DRAWN.matching(shapes)
    return np.stack([shapes.height, shapes.width * shapes.height], axis=1)[characters].astype(float)


def weighted_median(values: Floats) -> float:
    """Return the median of values (first column) with weights (second column); 0 if there are none."""
    import numpy as np

    if not len(values):
        return 0.0
    ordered = values[np.argsort(values[:, 0])]
    shares = np.cumsum(ordered[:, 1])
    return float(ordered[np.searchsorted(shares, shares[-1] / 2), 0])
