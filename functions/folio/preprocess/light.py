"""Steps that change brightness and leave every pixel in its place. Source: OpenCV for the filters."""

from folio.pixels import Grey
from folio.preprocess.step import Step

# Grey levels of 255.
_UNEVEN = 40  # paper that differs by more is shaded
_SMOOTH = 14  # a shade differs from a smooth surface by less; pictures and coloured fields do not
_DARK = 60  # a scanner's lid, or the table beside the sheet
_STRAY = 60  # a pixel that differs by more from all eight around it is noise

_NOISY = 0.004  # share of stray pixels
_COARSE = 64  # cells of the longer side on which the paper's brightness is looked at


def denoise(image: Grey) -> Step:
    """Gaussian blur, 3 x 3."""
    import cv2

    return Step(cv2.GaussianBlur(image, (3, 3), 0).astype("uint8"))


def binarize(image: Grey) -> Step:
    """Black and white at Otsu's threshold. Source: Otsu 1979."""
    import cv2

    return Step(cv2.threshold(image, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1].astype("uint8"))


def despeckle(image: Grey) -> Step:
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
            return Step(image, done=False)
        quiet = np.where(stray, cv2.medianBlur(quiet, 3), quiet).astype(np.uint8)
    return Step(quiet)


def flatten(image: Grey) -> Step:
    """Paper of one brightness, where a shadow or the fall of the light makes it uneven.

    Only for what can be a shade: the paper's brightness must lie close to a smooth surface (of second degree).
    """
    import cv2
    import numpy as np

    paper = _paper(image)
    rows, columns = np.mgrid[0 : paper.shape[0], 0 : paper.shape[1]]
    y, x = rows.ravel() / paper.shape[0], columns.ravel() / paper.shape[1]
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1)
    level = paper.ravel().astype(float)
    fitted = terms @ np.linalg.lstsq(terms, level, rcond=None)[0]
    if (
        np.ptp(fitted) < _UNEVEN
        or float(np.percentile(np.abs(level - fitted), 80)) > _SMOOTH
        or fitted.min() < _DARK / 2
    ):
        return Step(image, done=False)
    surface = np.clip(fitted, 1, 255).reshape(paper.shape).astype(np.float32)
    height, width = image.shape
    light = cv2.resize(surface, (width, height), interpolation=cv2.INTER_CUBIC)
    return Step(np.clip(image.astype(np.float32) * (240.0 / light), 0, 255).astype(np.uint8))


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


def whiten_frame(image: Grey) -> Step:
    """Paper instead of the black border a scanner or copier leaves around a sheet."""
    import cv2
    import numpy as np

    dark = (image < _DARK).astype(np.uint8)
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    paper = float(np.median(image))
    if edge.mean() < 0.1 or paper < 2 * _DARK:
        return Step(image, done=False)
    # What of the dark is thick and touches the edge: letters do neither.
    thick = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    _, labels = cv2.connectedComponents(thick)
    touching = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    frame = np.isin(labels, touching[touching > 0]).astype(np.uint8)
    if not frame.any():
        return Step(image, done=False)
    whitened = image.copy()
    whitened[cv2.dilate(frame, np.ones((7, 7), np.uint8)) > 0] = int(paper)
    return Step(whitened)
