"""Grey images in files, for whoever touches pixels."""

from pathlib import Path
from typing import TYPE_CHECKING

from folio.errors import EngineFailed
from folio.models import PageImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    # Height x width, 0 black.
    type Grey = NDArray[np.uint8]
else:
    Grey = object


def load(page: PageImage) -> Grey:
    """The image of a page. Raises EngineFailed if its file is not whole."""
    import cv2

    image = cv2.imread(str(page.path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise EngineFailed(f"The drawing of page {page.number} is incomplete; the scratch space may be full.")
    return image.astype("uint8", copy=False)


def save(image: Grey, target: Path) -> None:
    """Write an image; the name's ending tells the format. Raises OSError."""
    import cv2

    if not cv2.imwrite(str(target), image):
        raise OSError("The image could not be written.")
