"""Steps for recipes that are chosen by name: they even out light and contrast place by place. No pixel moves."""

from folio.pixels import Grey
from folio.preprocess.step import StepResult

_GRID = 64  # cells of the longer side on which the light is looked at
_CLIP, _TILES = 2.0, (8, 8)  # of CLAHE: more of a clip only brings out the paper's grain
_WINDOW, _K, _RANGE = 41, 0.2, 128.0  # Sauvola's: pixels, and his own constants


def even_light(image: Grey) -> StepResult:
    """Paper of one brightness, whatever shadows lie on it: each place is divided by the paper around it."""
    import cv2
    import numpy as np

    height, width = image.shape
    scale = min(1.0, 8 * _GRID / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    # Letters go by the lightest around them, and what is left of them by the median.
    light = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    light = cv2.GaussianBlur(cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR), (0, 0), 3)
    return StepResult(np.clip(image * (245.0 / np.maximum(light, 20).astype(np.float32)), 0, 255).astype(np.uint8))


def local_contrast(image: Grey) -> StepResult:
    """More contrast where there is little. Source: Zuiderveld 1994 (CLAHE)."""
    import cv2

    return StepResult(cv2.createCLAHE(_CLIP, _TILES).apply(image).astype("uint8"))


def binarize_locally(image: Grey) -> StepResult:
    """Black and white at a threshold that follows the page. Source: Sauvola and Pietikäinen 2000."""
    import cv2
    import numpy as np

    values = image.astype(np.float32)
    mean, squares = cv2.blur(values, (_WINDOW, _WINDOW)), cv2.blur(values * values, (_WINDOW, _WINDOW))
    spread = np.sqrt(np.maximum(squares - mean * mean, 0))
    threshold = mean * (1 + _K * (spread / _RANGE - 1))
    return StepResult(np.where(values > threshold, 255, 0).astype(np.uint8))
