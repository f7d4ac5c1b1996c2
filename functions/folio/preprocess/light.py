"""Steps that change brightness and leave every pixel in its place. Source: OpenCV for the filters."""

from typing import TYPE_CHECKING

from folio.pixels import Grey
from folio.preprocess.step import StepResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Grey levels of 255.
_UNEVEN = 40  # paper that differs by more is shaded
_SMOOTH = 14  # a shade differs from a smooth surface by less; pictures and coloured fields do not
_DARK = 60  # a scanner's lid, or the table beside the sheet
_STRAY = 60  # a pixel that differs by more from all eight around it is noise

_NOISY = 0.004  # share of stray pixels
_CLUSTER = 3  # pixels of noise that touch each other; the dot of an i has more
_COARSE = 64  # cells of the longer side on which the paper's brightness is looked at
_SHADED = 0.5  # share of the cells that lie on the smooth surface where there is a shade
_FOLLOWING = 0.5  # of the surface's slope, which the paper has at least in a shade
_BELOW = 0.15  # weight of what is darker than the surface
_DEEP = 0.6  # of the smooth surface: what is darker is no shadow that lies on it


def denoise(image: Grey) -> StepResult:
    """Gaussian blur, 3 x 3."""
    import cv2

    return StepResult(cv2.GaussianBlur(image, (3, 3), 0).astype("uint8"))


def binarize(image: Grey) -> StepResult:
    """Black and white at Otsu's threshold. Source: Otsu 1979."""
    import cv2

    return StepResult(cv2.threshold(image, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1].astype("uint8"))


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


def flatten(image: Grey) -> StepResult:
    """Paper of one brightness, where a shadow or the fall of the light makes it uneven.

    Only for what can be a shade: most of the paper's brightness must lie close to a smooth surface (of second degree).
    Where it does, narrower shadows on it are evened out too.
    """
    import cv2
    import numpy as np

    paper = _paper(image)
    surface = _smooth_surface(paper)
    near = np.abs(paper - surface) <= _SMOOTH
    if np.ptp(surface) < _UNEVEN or surface.min() < _DARK / 2:
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


def whiten_frame(image: Grey) -> StepResult:
    """Paper instead of the black border a scanner or copier leaves around a sheet."""
    import cv2
    import numpy as np

    dark = (image < _DARK).astype(np.uint8)
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    paper = float(np.median(image))
    if edge.mean() < 0.1 or paper < 2 * _DARK:
        return StepResult(image, done=False)
    # What of the dark is thick and touches the edge: letters do neither.
    thick = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    _, labels = cv2.connectedComponents(thick)
    touching = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    frame = np.isin(labels, touching[touching > 0]).astype(np.uint8)
    if not frame.any():
        return StepResult(image, done=False)
    whitened = image.copy()
    whitened[cv2.dilate(frame, np.ones((7, 7), np.uint8)) > 0] = int(paper)
    return StepResult(whitened)
