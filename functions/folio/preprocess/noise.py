"""Steps against noise: blurring, and single pixels strewn over the page."""

from folio.documents.pixels import Grey
from folio.preprocess.step import StepResult

_STRAY = 60  # a pixel that differs by more from all eight around it is noise

_NOISY = 0.004  # share of stray pixels
_CLUSTER = 3  # pixels of noise that touch each other; the dot of an i has more


def denoise(image: Grey) -> StepResult:
    """Gaussian blur, 3 x 3."""
    import cv2

    return StepResult(cv2.GaussianBlur(image, (3, 3), 0).astype("uint8"))


def despeckle(image: Grey) -> StepResult:
    """Single black or white pixels strewn over the page become like those around them; letters stay as they are."""
    import cv2
    import numpy as np

    around = np.ones((3, 3), np.uint8)
    around[1, 1] = 0
    quiet, strays = image, 0.0
    for _ in range(2):  # a black one that touches a white one is seen when that is gone
        brighter = cv2.subtract(quiet, cv2.dilate(quiet, around))
        darker = cv2.subtract(cv2.erode(quiet, around), quiet)
        stray = np.maximum(brighter, darker) > _STRAY
        strays = max(strays, float(stray.mean()))
        if strays < _NOISY:
            return StepResult(image, done=False)
        quiet = np.where(stray, cv2.medianBlur(quiet, 3), quiet).astype(np.uint8)
    # What strays in twos and threes would widen the boxes of the words beside it.
    ink = (quiet < float(np.percentile(quiet, 75)) - _STRAY).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    few = stats[:, cv2.CC_STAT_AREA] <= _CLUSTER
    return StepResult(np.where(few[labels], cv2.medianBlur(quiet, 5), quiet).astype(np.uint8))
