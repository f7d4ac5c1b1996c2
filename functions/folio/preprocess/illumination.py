"""Steps that even out light and contrast. No pixel moves."""

from typing import TYPE_CHECKING

from folio.documents.pixels import Grey
from folio.preprocess.borders import DARK
from folio.preprocess.step import StepResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


# Grey levels of 255.
_UNEVEN = 40  # paper that differs by more is shaded
_SMOOTH = 14  # a shade differs from a smooth surface by less; pictures and coloured fields do not
_COARSE = 64  # cells of the longer side on which the paper's brightness is looked at
_SHADED = 0.5  # share of the cells that lie on the smooth surface where there is a shade
_FOLLOWING = 0.5  # of the surface's slope, which the paper has at least in a shade
_BELOW = 0.15  # weight of what is darker than the surface
_DEEP = 0.6  # of the smooth surface: what is darker is no shadow that lies on it

_GRID = 64  # cells of the longer side on which the light is looked at
_CLIP, _TILES = 2.0, (8, 8)  # of CLAHE: more of a clip only brings out the paper's grain


def flatten_shading(image: Grey) -> StepResult:
    """Paper of one brightness, where a shadow or the fall of the light makes it uneven.

    Only for what can be a shade: most of the paper's brightness must lie close to a smooth surface (of second degree).
    Where it does, narrower shadows on it are evened out too.
    """
    import cv2
    import numpy as np

    paper = _paper(image)
    surface = _smooth_surface(paper)
    near = np.abs(paper - surface) <= _SMOOTH
    if np.ptp(surface) < _UNEVEN or surface.min() < DARK / 2:
        return StepResult(image, done=False)
    if near.mean() < _SHADED or _following(paper.astype(np.float32), surface, near) < _FOLLOWING:
        return StepResult(image, done=False)
    # The paper itself, of which letters are left by the median; what is too dark for a shadow is print.
    local = cv2.medianBlur(paper, 5).astype(np.float32)
    local = np.where(local < _DEEP * surface, surface, local).astype(np.float32)
    height, width = image.shape
    light = cv2.resize(cv2.GaussianBlur(local, (0, 0), 1), (width, height), interpolation=cv2.INTER_LINEAR)
    return StepResult(np.clip(image.astype(np.float32) * (240.0 / light), 0, 255).astype(np.uint8))


def _smooth_surface(paper: Grey) -> "NDArray[np.float32]":
    """Second degree, along the paper and above what is darker: fields and print. Source: Newey and Powell 1987."""
    import numpy as np

    rows, columns = np.mgrid[0 : paper.shape[0], 0 : paper.shape[1]]
    y, x = rows.ravel() / paper.shape[0], columns.ravel() / paper.shape[1]
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1)
    level = paper.ravel().astype(float)
    weights = np.ones(len(level))
    for _ in range(8):
        fitted = terms @ np.linalg.lstsq(terms * weights[:, None], level * weights, rcond=None)[0]
        weights = np.where(level < fitted, _BELOW, 1.0)
    surface: NDArray[np.float32] = np.clip(fitted, 1, 255).reshape(paper.shape).astype(np.float32)
    return surface


def _following(paper: "NDArray[np.float32]", surface: "NDArray[np.float32]", near: "NDArray[np.bool_]") -> float:
    """How far the paper goes along with the surface from cell to cell: 1 in a shade, 0 on either side of an edge."""
    import numpy as np

    together = expected = 0.0
    for axis in (0, 1):
        both = np.delete(near, 0, axis) & np.delete(near, -1, axis)
        slope = np.diff(surface, axis=axis)[both]
        together += float((np.diff(paper, axis=axis)[both] * slope).sum())
        expected += float((slope * slope).sum())
    return together / max(expected, 1e-6)


def _paper(image: Grey) -> Grey:
    """The brightness of the paper in a grid of cells: in each, what all but its brightest tenth stays below."""
    import cv2
    import numpy as np

    height, width = image.shape
    cell = max(8, max(height, width) // _COARSE)
    rows, columns = max(1, height // cell), max(1, width // cell)
    cut = image[: rows * cell, : columns * cell] if height >= cell <= width else image
    if cut.shape != (rows * cell, columns * cell):
        return cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA).astype("uint8")
    cells = cut.reshape(rows, cell, columns, cell).swapaxes(1, 2).reshape(rows, columns, cell * cell)
    return np.percentile(cells, 90, axis=2).astype("uint8")


def normalize_illumination(image: Grey) -> StepResult:
    """Paper of one brightness, whatever shadows lie on it: each place is divided by the paper around it."""
    import cv2
    import numpy as np

    height, width = image.shape
    scale = min(1.0, 8 * _GRID / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    # Letters go by the lightest around them, and what is left of them by the median.
    light = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    light = cv2.GaussianBlur(cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR), (0, 0), 3)
    return StepResult(np.clip(image * (245.0 / np.maximum(light, 20).astype(np.float32)), 0, 255).astype(np.uint8))


def local_contrast(image: Grey) -> StepResult:
    """More contrast where there is little. Source: Zuiderveld 1994 (CLAHE)."""
    import cv2

    return StepResult(cv2.createCLAHE(_CLIP, _TILES).apply(image).astype("uint8"))
