"""Steps that even out light and contrast. No pixel moves."""

from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey, shrink_to
from folio.preprocess.borders import MAX_DARK_LEVEL
from folio.preprocess.step import StepResult, unchanged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


# Grey levels of 255.
_MIN_SHADE_LEVELS = 40  # paper that differs by more is shaded
_MAX_OFF_LEVELS = 14  # a shade differs from a smooth surface by less; pictures and colored fields do not

_GRID_CELLS = 64  # cells of the longer side in which the paper's brightness is measured
_MIN_SHADED_SHARE = 0.5  # share of the cells that lie on the smooth surface where there is a shade
_MIN_SLOPE_SHARE = 0.5  # of the surface's slope, which the paper has at least in a shade
_DARKER_WEIGHT = 0.15  # weight of what is darker than the surface
_MIN_SHADOW_SHARE = 0.6  # of the smooth surface's brightness: what is darker is print and not a shadow on it

_LIGHT_SIDE_PX = 512  # of the longer side of the copy on which the light is measured
_CLAHE_CLIP, _CLAHE_TILES = 2.0, (8, 8)  # of CLAHE: a higher clip limit only brings out the paper's grain


def flatten_shading(image: Grey) -> StepResult:
    """Make the paper of one brightness where a shadow or the fall of the light makes it uneven.

    A page is shaded if most of its paper's brightness lies close to a smooth surface (of second degree). Where it
    does, narrower shadows on it are evened out too.
    """
    import cv2
    import numpy as np

    paper = _paper(image)
    surface = _smooth_surface(paper)
    near = np.abs(paper - surface) <= _MAX_OFF_LEVELS
    if np.ptp(surface) < _MIN_SHADE_LEVELS or surface.min() < MAX_DARK_LEVEL / 2:
        return unchanged(image)
    if near.mean() < _MIN_SHADED_SHARE or _following(paper.astype(np.float32), surface, near) < _MIN_SLOPE_SHARE:
        return unchanged(image)
    # The paper itself: the median removes what remains of characters; what is too dark for a shadow is print.
    local = cv2.medianBlur(paper, 5).astype(np.float32)
    local = np.where(local < _MIN_SHADOW_SHARE * surface, surface, local).astype(np.float32)
    height, width = image.shape
    light = cv2.resize(cv2.GaussianBlur(local, (0, 0), 1), (width, height), interpolation=cv2.INTER_LINEAR)
    return StepResult(np.clip(image.astype(np.float32) * (240.0 / light), 0, 255).astype(np.uint8))


def _smooth_surface(paper: Grey) -> "NDArray[np.float32]":
    """Fit a surface of second degree to the paper, above fields and print. Source: Newey and Powell 1987."""
    import numpy as np

    rows, columns = np.mgrid[0 : paper.shape[0], 0 : paper.shape[1]]
    y, x = rows.ravel() / paper.shape[0], columns.ravel() / paper.shape[1]
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1)
    level = paper.ravel().astype(float)
    weights = np.ones(len(level))
    for _ in range(8):
        fitted = terms @ np.linalg.lstsq(terms * weights[:, None], level * weights, rcond=None)[0]
        weights = np.where(level < fitted, _DARKER_WEIGHT, 1.0)
    surface: NDArray[np.float32] = np.clip(fitted, 1, 255).reshape(paper.shape).astype(np.float32)
    return surface


def _following(paper: "NDArray[np.float32]", surface: "NDArray[np.float32]", near: "NDArray[np.bool_]") -> float:
    """Return how far the paper follows the surface from cell to cell: 1 in a shade, 0 on either side of an edge."""
    import numpy as np

    together = expected = 0.0
    for axis in (0, 1):
        both = np.delete(near, 0, axis) & np.delete(near, -1, axis)
        slope = np.diff(surface, axis=axis)[both]
        together += float((np.diff(paper, axis=axis)[both] * slope).sum())
        expected += float((slope * slope).sum())
    return together / max(expected, 1e-6)


def _paper(image: Grey) -> Grey:
    """Return the paper's brightness in a grid of cells: in each, what all but its brightest tenth stays below."""
    import cv2
    import numpy as np

    height, width = image.shape
    cell = max(8, max(height, width) // _GRID_CELLS)
    rows, columns = max(1, height // cell), max(1, width // cell)
    cut = image[: rows * cell, : columns * cell] if height >= cell <= width else image
    if cut.shape != (rows * cell, columns * cell):
        return cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA).astype("uint8")
    cells = cut.reshape(rows, cell, columns, cell).swapaxes(1, 2).reshape(rows, columns, cell * cell)
    return np.percentile(cells, 90, axis=2).astype("uint8")


def normalize_illumination(image: Grey) -> StepResult:
    """Make the paper of one brightness, whatever shadows lie on it: each pixel is divided by the paper around it."""
    import cv2
    import numpy as np

    height, width = image.shape
    small = shrink_to(image, _LIGHT_SIDE_PX)
    # Dilation removes characters, the median what remains of them.
    light = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    light = cv2.GaussianBlur(cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR), (0, 0), 3)
    return StepResult(np.clip(image * (245.0 / np.maximum(light, 20).astype(np.float32)), 0, 255).astype(np.uint8))


def local_contrast(image: Grey) -> StepResult:
    """Raise the contrast where there is little. Source: Zuiderveld 1994 (CLAHE)."""
    import cv2

    return StepResult(cv2.createCLAHE(_CLAHE_CLIP, _CLAHE_TILES).apply(image).astype("uint8"))
