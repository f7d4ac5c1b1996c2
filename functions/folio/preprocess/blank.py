"""Whether a page is blank or blurred, and print that is hardly darker than its paper."""

from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from folio.documents.raster import pixels
from folio.documents.raster.pixels import Floats, Grey, Mask
from folio.models import PageImage

type Ink = Literal["none", "faint", "plain"]

# A difference in brightness (of 255) that ink makes and paper, its shadow and a scanner's noise do not.
_MIN_INK_LEVELS = 20
_MIN_LINE_PX = 40  # pixels in a row that noise does not make
_DETECT_SIDE_PX = 2000  # of the longer side: enough to see a hairline, and quick
_AROUND_PX = 51
_STRIP_OF_HEIGHT = 16  # half of the strip that is looked at first, as a part of the height
# Print may differ by less, but more than the grain of its paper: levels at least, and how many times the grain's.
_MIN_FAINT_LEVELS, _GRAINS = 2.5, 5.0
_MIN_FAINT_HEIGHT_PX, _MIN_FAINT_AREA_PX = 5, 10  # of a mark that may be a character
_MIN_FAINT_AREA_OF_PAGE_PX = 120
_MIN_ONE_SIDED = 3  # how many times more of the marks are darker than lighter, or the other way; of grain 1.0 to 1.3
# What is less than a share of the difference that print makes, or of the one that grain does not reach, is paper.
_NO_INK_SHARE, _NO_GRAIN_SHARE = 0.3, 0.6
STRENGTHEN = "strengthen_faint_print"
# Of the longer side, and at least: how wide the steepest edge is on a page of which nothing can be read. Photographs
# that are read have 0.0035 at most, drawn pages 0.0044 when the last words are read.
_MIN_EDGE_OF_SIDE, _MIN_EDGE_PX = 0.007, 8.0


class _FaintPrint(Struct, frozen=True):
    """How bright the `paper` is (height x width), the `sign` of print (1: darker), and by how many levels it differs.

    `grain_levels` are those that the grain of the paper does not reach.
    """

    paper: Floats
    sign: int
    levels: float
    grain_levels: float


def ink_on(page: PageImage) -> Ink:
    """Return what is on a page: nothing but paper, perhaps faint print, or marks plainly darker or lighter than it.

    In doubt there is something: a page taken for blank is not read.
    """
    import cv2

    whole = pixels.load(page)
    if _shows_in_the_middle(whole):
        return "plain"
    image = pixels.shrink_to(whole, _DETECT_SIDE_PX)
    around, difference = _paper_and_difference(image)
    if (difference > _MIN_INK_LEVELS).any():
        return "plain"
    marks = pixels.components((cv2.absdiff(image, around) > _MIN_INK_LEVELS).astype("uint8"))
    if ((marks.width >= _MIN_LINE_PX) | (marks.height >= _MIN_LINE_PX)).any():
        return "plain"
    # What is around an edge differs from it too, and so this is only a quick look.
    return "faint" if _area(difference > _faint_levels(difference)) and _find_faint_print(image) else "none"


def _shows_in_the_middle(image: Grey) -> bool:
    """Return whether there are plain marks on a strip across an image, as on most pages: no more is to be looked at."""
    height = image.shape[0]
    strip = image[height // 2 - height // _STRIP_OF_HEIGHT : height // 2 + height // _STRIP_OF_HEIGHT]
    if not strip.size:
        return False
    small = pixels.shrink_to(strip, round(_DETECT_SIDE_PX * max(strip.shape) / max(_DETECT_SIDE_PX, *image.shape)))
    _, difference = _paper_and_difference(small)
    edge = _AROUND_PX // 2  # beyond which what is around is not known
    return bool((difference[edge:-edge] > _MIN_INK_LEVELS).any())


def _paper_and_difference(image: Grey) -> tuple[Grey, Grey]:
    """Return what is around each pixel, and by how many levels it differs from that."""
    import cv2

    around = cv2.blur(image, (_AROUND_PX, _AROUND_PX)).astype("uint8", copy=False)
    smooth = cv2.medianBlur(image, 3)  # removes single dots, which are dust, but also lines of a single pixel
    return around, cv2.absdiff(smooth, around).astype("uint8", copy=False)


def is_blank(page: PageImage) -> bool:
    """Return whether there is nothing on a page but paper."""
    return ink_on(page) == "none"


def is_blurred(page: PageImage) -> bool:
    """Return whether nothing on a page is sharp."""
    import cv2
    import numpy as np

    image = _smooth(pixels.shrink_to(pixels.load(page), _DETECT_SIDE_PX))
    contrast = float(image.max() - image.min())
    slopes = [cv2.Sobel(image, cv2.CV_64F, x, y, ksize=3, scale=1 / 8) for x, y in ((1, 0), (0, 1))]
    steepest = max(float(np.abs(slope).max()) for slope in slopes)
    return bool(contrast >= max(_MIN_EDGE_PX, _MIN_EDGE_OF_SIDE * max(image.shape)) * max(steepest, 1e-3))


def strengthen(page: PageImage, folder: Path) -> PageImage:
    """Return a page of faint print with it black on white, in a file in `folder`; no pixel moves."""
    import cv2
    import numpy as np

    image = pixels.load(page)
    small = pixels.shrink_to(image, _DETECT_SIDE_PX)
    print_ = _find_faint_print(small)
    if print_ is None:
        return page
    paper = cv2.resize(print_.paper, image.shape[::-1], interpolation=cv2.INTER_LINEAR)
    ink = (paper - _smooth(image)) * print_.sign
    least = max(_NO_INK_SHARE * print_.levels, _NO_GRAIN_SHARE * print_.grain_levels)
    shade = np.clip((ink - least) / max(1.0, print_.levels - least), 0, 1)
    target = folder / f"faint{page.number}.pgm"
    pixels.save((255 - 255 * shade).astype(np.uint8), target)
    return replace(page, path=target, steps=(*page.steps, STRENGTHEN))


def _faint_levels(difference: Grey | Floats) -> float:
    """Return the levels of difference from the paper above which a mark stands out from its grain."""
    import numpy as np

    return max(_MIN_FAINT_LEVELS, _GRAINS * 1.48 * float(np.median(difference[::3, ::3])))


def _area(marks: Mask) -> int:
    """Return how many pixels belong to marks that may be characters."""
    if not marks.any():
        return 0
    shapes = pixels.components(marks.astype("uint8"))
    sized = (shapes.height >= _MIN_FAINT_HEIGHT_PX) & (shapes.area >= _MIN_FAINT_AREA_PX)
    return int(shapes.area[sized].sum())


def _smooth(image: Grey) -> Floats:
    import cv2
    import numpy as np

    return cv2.GaussianBlur(image, (0, 0), 0.8).astype(np.float64)


def _find_faint_print(image: Grey) -> _FaintPrint | None:
    """Look for print on an image of the size of detection; None where there is only grain, which differs both ways."""
    import cv2
    import numpy as np

    paper = cv2.medianBlur(image, _AROUND_PX).astype(np.float64)
    difference = paper - _smooth(image)
    levels = _faint_levels(np.abs(difference))
    dark, light = difference > levels, difference < -levels
    areas = _area(dark), _area(light)
    if max(areas) < max(_MIN_FAINT_AREA_OF_PAGE_PX, _MIN_ONE_SIDED * min(areas)):
        return None
    marks = dark if areas[0] > areas[1] else light
    return _FaintPrint(paper, 1 if marks is dark else -1, float(np.median(np.abs(difference[marks]))), levels)
