"""Clean print looked at by PP-OCRv6 tiny's detector, which takes two fifths of the time, and held against the letters.

Of such pages it finds the same lines, but now and then a lone digit is lost, or labels above each other are one piece.
Parts of the page with letters that stand in no line, or above each other in one, are looked at by the other detector.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey, components
from folio.providers.ppocr.lines.detection import MIN_PROBABILITY, as_shown, corners_of, lines_of
from folio.providers.ppocr.lines.scale import Glyphs, Scale
from folio.providers.ppocr.lines.tiles import map_in_tiles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.documents.raster.pixels import Mask
    from folio.providers.ppocr.lines.detection import Corners, Region
    from folio.providers.ppocr.lines.scale import Boxes
    from folio.providers.ppocr.onnx.networks import TextMap
    from folio.providers.ppocr.onnx.sessions import Floats

    type Blobs = NDArray[np.int32]  # n x 4: left, top, right, bottom
    type Box = tuple[int, int, int, int]

# Of what looks like letters, those that stand between others; below it a page is noisy, printed on a screen, or a form
# of few words. One that is shown at its own size is coarse: of such forms, noisy as most are, words were lost.
_MIN_BETWEEN = 0.6
_SHORT, _MAX_SHORT_SHARE = 5.0, 0.33  # lengths of cells, in heights, and the most lines of a page that are as short
# The same told by letters before any network: those within so many of their heights are of one row; the most rows that
# are as short. Of 49 public pages those that were given up have 0.40 and more (all but one 0.46), others 0.35 and less.
_ROW_GAP, _MAX_SHORT_ROWS = 2.0, 0.38
_ROW_LETTER_PX, _MIN_ROW = 8, 0.65  # how high letters are drawn for that; of this, what is lower is a point or dust
_LINE_HEIGHT = 1.3  # of a line as it is found, to its letters'
# Of those letters' usual height: lower ones are points and dust, higher ones pictures.
_LEAST_HEIGHT, _MOST_HEIGHT = 0.55, 3.0
_MIN_COVERED = 0.6  # of a letter's box, by lines
_MIN_LETTER_HEIGHT = 0.3  # of a line's, three quarters of whose letters are lower: they stand above each other
_MAX_UPRIGHT = 1.2  # of a line's height to its width, with several letters
_PADDING_PX, _CONTEXT_PX, _MULTIPLE_PX = 8, 64, 32  # around a doubtful letter; what the network is shown around a part
_MAX_AREA = 0.4  # of the page, by all parts; more takes as long as the page


def detect_quickly(image: Grey, scale: Scale, quick_map: "TextMap", text_map: "TextMap") -> list["Region"] | None:
    """Return where the lines of a grey page in clean print are, as `detect` does; None of any other page.

    Both maps are those of `Networks`; parts of the page alone are shown to the second.
    """
    import numpy as np

    glyphs = scale.glyphs
    if glyphs is None or not _is_clean(image, glyphs, scale.side) or _short_rows(glyphs) > _MAX_SHORT_ROWS:
        return None
    shown = as_shown(image, scale.side)
    joined = map_in_tiles(shown, quick_map)
    lines = lines_of(joined, shown, image)
    fraction = np.divide(shown.shape[::-1], image.shape[::-1])
    corners = [corners_of(line) * fraction for line in lines]
    if _are_cells(corners):
        return None
    boxes = glyphs.boxes * np.tile(fraction, 2)
    doubtful = boxes[doubtful_glyphs(boxes, glyphs.between, corners, shown.shape)]
    if not len(doubtful):
        return lines
    areas = areas_around(doubtful, joined)
    if areas is None:
        return None
    for area in areas:
        left, top, right, bottom = area
        x, y, end, last = _with_context(area, shown.shape)
        closer = map_in_tiles(np.ascontiguousarray(shown[y:last, x:end]), text_map)
        joined[top:bottom, left:right] = closer[top - y : bottom - y, left - x : right - x]
    return lines_of(joined, shown, image)


def _is_clean(image: Grey, glyphs: Glyphs, side: int) -> bool:
    return side < max(image.shape) and bool(glyphs.between.mean() >= _MIN_BETWEEN)


def _short_rows(glyphs: Glyphs) -> float:
    """Return how many of the rows that letters stand in are as short as cells."""
    import numpy as np

    usual = float(np.median((glyphs.boxes[:, 3] - glyphs.boxes[:, 1])[glyphs.between]))
    boxes = glyphs.boxes * (_ROW_LETTER_PX / usual)
    reach = _ROW_GAP * _ROW_LETTER_PX / 2
    wide = boxes + np.array([0, 0, 2 * reach, 0])  # moved right by `reach`, which keeps it within the mask
    mask = np.zeros(np.ceil(wide[:, [3, 2]].max(0)).astype(int), np.uint8)
    for left, top, right, bottom in np.rint(wide).astype(int).tolist():
        mask[top:bottom, left:right] = 1
    rows = components(mask)
    is_row = rows.height > _MIN_ROW * _ROW_LETTER_PX
    is_short = rows.width[is_row] - 2 * reach < _SHORT * _LINE_HEIGHT * rows.height[is_row]
    return float(is_short.mean()) if len(is_short) else 0.0


def _are_cells(lines: Sequence["Corners"]) -> bool:
    """Return whether many lines are as short as a table's cells, of which some would be joined or lost."""
    import numpy as np

    sides = np.array([(np.linalg.norm(one[1] - one[0]), np.linalg.norm(one[2] - one[1])) for one in lines])
    return bool(len(sides)) and bool((sides.max(1) < _SHORT * sides.min(1)).mean() > _MAX_SHORT_SHARE)


def doubtful_glyphs(boxes: "Boxes", between: "Mask", lines: Sequence["Corners"], shape: tuple[int, int]) -> "Mask":
    """Return which of the letters stand in no line, or above each other in one, in the pixels of a map of that shape.

    `between` tells which of them stand between others: these tell how high letters are.
    """
    import cv2
    import numpy as np

    numbered = np.zeros(shape, np.int32)  # from 1, of each pixel
    for number, corners in enumerate(lines, 1):
        cv2.fillPoly(numbered, [np.round(corners).astype(np.int32)], (number,))
    left, top = np.floor(boxes[:, :2]).astype(np.intp).clip(0, np.array(shape[::-1]) - 1).T
    right, bottom = np.ceil(boxes[:, 2:]).astype(np.intp).clip(0, shape[::-1]).T
    sums = cv2.integral((numbered > 0).astype(np.uint8))
    covered = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    height = boxes[:, 3] - boxes[:, 1]
    usual = float(np.median(height[between]))
    is_letter = (height >= _LEAST_HEIGHT * usual) & (height <= _MOST_HEIGHT * usual)
    numbers = numbered[(top + bottom) // 2, (left + right) // 2]
    is_stacked = np.zeros(len(boxes), bool)
    for number, corners in enumerate(lines, 1):
        within = is_letter & (numbers == number)
        if within.sum() > 1 and _are_stacked(corners, height[within]):
            is_stacked |= within
    doubtful: Mask = is_letter & ((covered < _MIN_COVERED * (right - left) * (bottom - top)) | is_stacked)
    return doubtful


def _are_stacked(corners: "Corners", heights: "NDArray[np.float64]") -> bool:
    """Return whether letters of these heights stand above each other in a line, or it runs downwards."""
    import numpy as np

    width, height = np.ptp(corners, axis=0)
    across = min(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[1] - corners[2]))
    return bool(height > _MAX_UPRIGHT * width or np.percentile(heights, 75) < _MIN_LETTER_HEIGHT * across)


def areas_around(boxes: "Boxes", text_map: "Floats") -> list["Box"] | None:
    """Return left, top, right and bottom of the areas of a map around letters; they cut none of its pieces.

    None if they are a large part of it.
    """
    import numpy as np

    shapes = components((text_map > MIN_PROBABILITY).astype(np.uint8))
    blobs = shapes.corners()
    padding = np.array([-_PADDING_PX, -_PADDING_PX, _PADDING_PX, _PADDING_PX])
    areas = {tuple(box) for box in (boxes + padding).round().astype(int).tolist()}
    while True:
        mask = np.zeros(text_map.shape, np.uint8)
        for left, top, right, bottom in areas:
            mask[max(0, top) : bottom, max(0, left) : right] = 1
        joined = components(mask).boxes()
        if sum(_size(_with_context(area, text_map.shape)) for area in joined) > _MAX_AREA * text_map.size:
            return None
        grown = {_around(area, blobs) for area in joined}
        if grown == areas:
            return joined
        areas = grown


def _around(area: "Box", blobs: "Blobs") -> "Box":
    """Return an area that has all of the pieces that it touched."""
    import numpy as np

    left, top, right, bottom = area
    is_touched = (blobs[:, 0] < right) & (blobs[:, 2] > left) & (blobs[:, 1] < bottom) & (blobs[:, 3] > top)
    every = np.concatenate([[area], blobs[is_touched]])
    left, top = every[:, :2].min(0).tolist()
    right, bottom = every[:, 2:].max(0).tolist()
    return left, top, right, bottom


def _with_context(area: "Box", shape: tuple[int, ...]) -> "Box":
    """Return what the network is shown for an area: some of what is around it, its sides multiples of 32."""
    left, right = _widened(area[0], area[2], shape[1])
    top, bottom = _widened(area[1], area[3], shape[0])
    return left, top, right, bottom


def _widened(start: int, end: int, side: int) -> tuple[int, int]:
    start, end = max(0, start - _CONTEXT_PX), min(side, end + _CONTEXT_PX)
    length = -(-(end - start) // _MULTIPLE_PX) * _MULTIPLE_PX  # no more than the side, which is such a multiple too
    start = min(start, side - length)
    return start, start + length


def _size(area: "Box") -> int:
    left, top, right, bottom = area
    return (right - left) * (bottom - top)
