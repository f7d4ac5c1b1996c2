"""Small print in Chinese and Japanese: its lines are cut out of the page at the height at which they are recognized.

Others are cut out in the page's own pixels first and made as high as that afterwards. Of characters that are 10 pixels
high, the first of these two steps loses strokes.
"""

from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.text.crop import Crop
from folio.providers.ppocr.text.recognition import HEIGHT_PX

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Points = NDArray[np.float32]

# Of a line's height on the page; below it lines are small. Characters that are wrong or missing in the columns of three
# photographs of a newspaper: 20.4%, cut out at once 19.0; by cubic interpolation, which sharpens once more what a
# telephone has sharpened, 20.1.
SMALL_PX = 24


def enlarged(image: Grey, line: Crop) -> Crop:
    """Return a line of a grey page cut out at the recognizer's height if it is small, else as it is."""
    import cv2
    import numpy as np

    height, width = line.image.shape
    if height >= SMALL_PX:
        return line
    size = max(1, round(HEIGHT_PX * width / height)), HEIGHT_PX
    if line.strip:
        return Crop(line.strip.straight(image, size), line.corners, line.strip)
    target = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
    straighten = cv2.getPerspectiveTransform(line.corners - 0.5, target - 0.5)  # OpenCV's points are middles of pixels
    cut = cv2.warpPerspective(image, straighten, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Crop(cut.astype(np.uint8, copy=False), line.corners)
