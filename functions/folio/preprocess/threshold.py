"""Steps that make a page black and white."""

from folio.documents.raster.pixels import Grey
from folio.preprocess.step import StepResult

_WINDOW_PX = 41
_K, _RANGE = 0.2, 128.0  # Sauvola's own constants


def binarize(image: Grey) -> StepResult:
    """Make the page black and white at Otsu's threshold. Source: Otsu 1979."""
    import cv2

    return StepResult(cv2.threshold(image, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1].astype("uint8"))


def binarize_locally(image: Grey) -> StepResult:
    """Make the page black and white at a threshold that follows it. Source: Sauvola and Pietikäinen 2000."""
    import cv2
    import numpy as np

    values = image.astype(np.float32)
    mean, squares = cv2.blur(values, (_WINDOW_PX, _WINDOW_PX)), cv2.blur(values * values, (_WINDOW_PX, _WINDOW_PX))
    spread = np.sqrt(np.maximum(squares - mean * mean, 0))
    threshold = mean * (1 + _K * (spread / _RANGE - 1))
    return StepResult(np.where(values > threshold, 255, 0).astype(np.uint8))
