"""Steps against noise: blurring, and single pixels strewn over the page."""

from folio.documents.raster.pixels import Grey, components
from folio.preprocess.step import StepResult, unchanged

_MIN_STRAY_LEVELS = 60  # grey levels of 255: a pixel that differs by more from all eight around it is noise
_MIN_NOISE_SHARE = 0.004  # of a page's pixels: on a noisy page more of them are stray
_MAX_CLUSTER_PX = 3  # pixels of noise that touch each other; the dot of an i has more


def denoise(image: Grey) -> StepResult:
    """Blur (Gauss, 3 x 3)."""
    import cv2

    return StepResult(cv2.GaussianBlur(image, (3, 3), 0).astype("uint8"))


def despeckle(image: Grey) -> StepResult:
    """Make single black or white pixels strewn over the page like those around them; characters stay as they are."""
    import cv2
    import numpy as np

    around = np.ones((3, 3), np.uint8)
    around[1, 1] = 0
    quiet, strays = image, 0.0
    for _ in range(2):  # a black one that touches a white one is seen when that is gone
        brighter = cv2.subtract(quiet, cv2.dilate(quiet, around))
        darker = cv2.subtract(cv2.erode(quiet, around), quiet)
        stray = np.maximum(brighter, darker) > _MIN_STRAY_LEVELS
        strays = max(strays, float(stray.mean()))
        if strays < _MIN_NOISE_SHARE:
            return unchanged(image)
        quiet = np.where(stray, cv2.medianBlur(quiet, 3), quiet).astype(np.uint8)
    # What strays in twos and threes would widen the boxes of the words beside it.
    ink = (quiet < float(np.percentile(quiet, 75)) - _MIN_STRAY_LEVELS).astype(np.uint8)
    clusters = components(ink)
    noise = clusters.mask(clusters.area <= _MAX_CLUSTER_PX)
    return StepResult(np.where(noise > 0, cv2.medianBlur(quiet, 5), quiet).astype(np.uint8))
