"""Whether the writing in lines is blurred: its edges are wide for its height."""

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from folio.documents.raster.pixels import Grey
    from folio.providers.ppocr.text.crop import Crop

# Of the height of a line, how wide its edges are in the middle of all lines. Sharp print has 0.03 to 0.07, photographs
# of Arabic and Korean pages 0.08 to 0.19, drawn pages 0.19 where the last words are read and 0.25 where none are.
_MIN_EDGE = 0.22
_MIN_RATIO = 3.0  # of length to height, of a line that tells something
_PAPER, _INK = 98, 2  # percentiles of brightness
_STEEPEST = 99  # percentile of slopes


def is_blurred(crops: Sequence["Crop"]) -> bool:
    """Return whether the edges in lines are too wide for letters, one way at least: a moved camera blurs one way."""
    images = [one.image for one in crops if one.image.shape[1] >= _MIN_RATIO * one.image.shape[0]]
    return bool(images) and median(map(_edge_width, images)) >= _MIN_EDGE


def _edge_width(image: "Grey") -> float:
    """Return how wide the steepest edges are, across or along the line, as a part of its height."""
    import cv2
    import numpy as np

    height = image.shape[0]
    contrast = float(np.percentile(image, _PAPER) - np.percentile(image, _INK))
    slopes = [cv2.Sobel(image, cv2.CV_32F, x, y, ksize=3, scale=1 / 8) for x, y in ((1, 0), (0, 1))]
    steepest = min(float(np.percentile(np.abs(slope), _STEEPEST)) for slope in slopes)
    return float(contrast / max(steepest, 1.0) / height)
