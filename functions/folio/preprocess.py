"""Preparing a page image for the engine: small pure steps, composed into named recipes.

A step takes and returns a grey image (height x width, uint8, 0 black) and the transform from the new image's pixels
back to the old one's. Sources: Otsu 1979 for the threshold, OpenCV for the filters.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from folio.models import PageImage, Transform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Grey = NDArray[np.uint8]

GOOD_DPI = 300
LOW_DPI = 200
MAX_ENLARGEMENT = 3.0
# An image larger than this has its text large enough whatever its header says about resolution.
MAX_LONG_SIDE = 2000


class Look(Struct, frozen=True):
    """What a step may know of the page besides its pixels."""

    dpi: float | None


class Step(Struct, frozen=True):
    """A step's outcome; `back` leads from the new pixels to the old. Not done: the image as it was."""

    image: "Grey"
    back: Transform = Transform()
    done: bool = True


def denoise(image: "Grey", _look: Look) -> Step:
    """Gaussian blur, 3 x 3."""
    import cv2

    return Step(cv2.GaussianBlur(image, (3, 3), 0).astype("uint8"))


def binarize(image: "Grey", _look: Look) -> Step:
    """Black and white at Otsu's threshold."""
    import cv2

    return Step(cv2.threshold(image, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1].astype("uint8"))


def normalize_dpi(image: "Grey", look: Look) -> Step:
    """Enlarge a small, low-resolution image towards 300 dpi, where engines read best; never reduce."""
    import cv2

    height, width = image.shape
    if max(height, width) > MAX_LONG_SIDE or (look.dpi or 0) >= LOW_DPI:
        return Step(image, done=False)
    factor = min(MAX_ENLARGEMENT, GOOD_DPI / look.dpi) if look.dpi else 2.0
    size = round(width * factor), round(height * factor)
    enlarged = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC).astype("uint8")
    return Step(enlarged, Transform.scale(width / size[0], height / size[1]))


RECIPES: dict[str, tuple[Callable[["Grey", Look], Step], ...]] = {
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

    image: Grey = cv2.imread(str(page.path), cv2.IMREAD_GRAYSCALE)  # type: ignore[assignment]
    to_page, done = page.to_page, []
    for step in steps:
        outcome = step(image, Look(dpi=page.image_dpi))
        if outcome.done:
            image, to_page = outcome.image, outcome.back.then(to_page)
            done.append(step.__name__)
    if not done:
        return page
    target = folder / f"prepared{page.number}.pgm"
    if not cv2.imwrite(str(target), image):
        raise OSError("The prepared image could not be written.")
    enlarged = page.to_page.matrix[0] / to_page.matrix[0]
    dpi = page.image_dpi * enlarged if page.image_dpi else None
    return msgspec.structs.replace(page, path=target, to_page=to_page, image_dpi=dpi, steps=tuple(done))
