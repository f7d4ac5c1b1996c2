"""Preparing a page image for the engine: small pure steps, composed into named recipes.

A step takes and returns a grey image (height x width, uint8, 0 black) and the transform from the new image's pixels
back to the old one's. Sources: Otsu 1979 for the threshold, OpenCV for the filters.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from folio.errors import EngineFailed
from folio.models import PageImage, Transform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Grey = NDArray[np.uint8]

# Below this height of its letters (pixels, median) a text is too small for engines, which like 20 to 30.
SMALL_TEXT = 12
ENLARGEMENT = 2
# In a larger image small shapes are rather dots of a screen or of paper than letters.
MAX_LONG_SIDE = 2000


class Step(Struct, frozen=True):
    """A step's outcome; `back` leads from the new pixels to the old. Not done: the image as it was."""

    image: "Grey"
    back: Transform = Transform()
    done: bool = True


def denoise(image: "Grey") -> Step:
    """Gaussian blur, 3 x 3."""
    import cv2

    return Step(cv2.GaussianBlur(image, (3, 3), 0).astype("uint8"))


def binarize(image: "Grey") -> Step:
    """Black and white at Otsu's threshold."""
    import cv2

    return Step(cv2.threshold(image, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1].astype("uint8"))


def normalize_dpi(image: "Grey") -> Step:
    """Enlarge an image whose letters are small, whatever its header says of its resolution; never reduce."""
    import cv2

    height, width = image.shape
    if max(height, width) > MAX_LONG_SIDE or not 0 < letter_height(image) < SMALL_TEXT:
        return Step(image, done=False)
    size = width * ENLARGEMENT, height * ENLARGEMENT
    enlarged = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC).astype("uint8")
    return Step(enlarged, Transform.scale(1 / ENLARGEMENT, 1 / ENLARGEMENT))


def letter_height(image: "Grey") -> float:
    """Median height in pixels of the connected dark shapes that could be letters; 0 if there are none."""
    import cv2
    import numpy as np

    ink = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    stats = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:]
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    # Not specks, not rules, not pictures.
    letters = (height >= 4) & (height <= 120) & (width <= 4 * height) & (height <= 6 * width) & (area >= 8)
    return float(np.median(height[letters])) if letters.any() else 0.0


RECIPES: dict[str, tuple[Callable[["Grey"], Step], ...]] = {
    "none": (),
    # The textbook recipe; the page is grey already when it comes here.
    "classic": (denoise, binarize),
    "auto": (normalize_dpi,),
}


def prepare(page: PageImage, recipe: str, folder: Path) -> PageImage:
    """The page as the engine should see it, and how to get its coordinates back to the page.

    If no step had anything to do, the page's own file is handed on untouched.
    """
    steps = RECIPES[recipe]
    if not steps:
        return page
    import cv2

    drawn = cv2.imread(str(page.path), cv2.IMREAD_GRAYSCALE)
    if drawn is None:
        raise EngineFailed(f"The drawing of page {page.number} is incomplete; the scratch space may be full.")
    image: Grey = drawn.astype("uint8", copy=False)
    to_page, done = page.to_page, []
    for step in steps:
        outcome = step(image)
        if outcome.done:
            image, to_page = outcome.image, outcome.back.then(to_page)
            done.append(step.__name__)
    if not done:
        return page
    target = folder / f"prepared{page.number}.pgm"
    if not cv2.imwrite(str(target), image):
        raise OSError("The prepared image could not be written.")
    return msgspec.structs.replace(page, path=target, to_page=to_page, steps=tuple(done))
