"""The ruling lines of a page, found in its drawing."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents import pixels
from folio.errors import EngineFailed
from folio.structure.tables.tokens import Token
from folio.transform import Transform

if TYPE_CHECKING:
    from folio.documents.pixels import Grey

# The drawing is looked at in this many pixels of a text's height: lines of a pixel are kept, as the darkest of a block
# of pixels stands for it.
_TEXT_PX = 14.0
_MAX_REDUCTION = 4
_INK = 205  # lighter is paper, or a shaded cell
_CONTRAST = 36  # between a line and what is beside it
# In heights of the text: the shortest lines, the thickest, and gaps in them.
_MIN_LEVEL, _MIN_UPRIGHT, _MAX_THICKNESS = 2.2, 1.3, 0.5
_FAT_PX = 9  # a darker area is none
_GAP_PX = 3
_MIN_AREA_WIDTH, _MIN_AREA_FILL = 2.5, 0.6  # in heights; of its box, what letters in it leave of a dark rectangle
_EDGE = 0.12  # of a word's height, in which a line is an underline
_IN_TEXT = 0.5  # of a line, that runs through words: it is a stroke of their letters


class Rule(Struct, frozen=True, gc=False):
    """A level line at the height `at` from left to right, or an upright one from top to bottom; in upright pixels."""

    at: float
    start: float
    end: float


class Rules(Struct, frozen=True):
    level: list[Rule] = []
    upright: list[Rule] = []


def rules_in(drawing: Path, upright: Transform, size: tuple[float, float], height: float) -> Rules:
    """Return the lines on a drawing; `upright` leads from its pixels to the upright frame, which has `size`.

    `height` is the text's in the upright frame. Raises EngineFailed.
    """
    import cv2

    grey = pixels.read(drawing)
    if grey is None:
        raise EngineFailed("The drawing of a page is incomplete; the scratch space may be full.")
    per_pixel = abs(upright.matrix[0] * upright.matrix[4] - upright.matrix[1] * upright.matrix[3]) ** 0.5 or 1.0
    reduction = min(_MAX_REDUCTION, max(1, int(height / per_pixel / _TEXT_PX)))
    small = _darkest(grey, reduction)
    scale = per_pixel * reduction  # upright pixels in one of the small drawing
    to_small = Transform.scale(reduction, reduction).then(upright).then(Transform.scale(1 / scale, 1 / scale))
    small = _straightened(small, to_small, (int(size[0] / scale) + 1, int(size[1] / scale) + 1))
    dark = (small < _INK).astype("uint8")
    fat = cv2.morphologyEx(dark, cv2.MORPH_OPEN, _ones(_FAT_PX, _FAT_PX)).astype("uint8", copy=False)
    contrast = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, _ones(_FAT_PX, _FAT_PX))
    thin = (contrast > _CONTRAST).astype("uint8")
    px = height / scale
    level = _lines(thin, round(_MIN_LEVEL * px), 1, _MAX_THICKNESS * px)
    upright_lines = _lines(thin, 1, round(_MIN_UPRIGHT * px), _MAX_THICKNESS * px)
    areas = _areas(fat, px)
    level += [(x, edge, w, 0) for x, y, w, h in areas for edge in (y, y + h)]
    upright_lines += [(edge, y, 0, h) for x, y, w, h in areas for edge in (x, x + w)]
    return Rules(
        [Rule((y + h / 2) * scale, x * scale, (x + w) * scale) for x, y, w, h in level],
        [Rule((x + w / 2) * scale, y * scale, (y + h) * scale) for x, y, w, h in upright_lines],
    )


def _areas(fat: "Grey", px: float) -> list[tuple[int, int, int, int]]:
    """Return left, top, width and height of dark rectangles, as headers stand on: their edges are lines."""
    import cv2

    contours, _ = cv2.findContours(fat, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    result = []
    for contour in contours:
        x, y, w, h = map(int, cv2.boundingRect(contour))
        if w >= _MIN_AREA_WIDTH * px and h >= px and cv2.contourArea(contour) >= _MIN_AREA_FILL * w * h:
            result.append((x, y, w, h))
    return result


def outside_text(rules: Rules, tokens: Sequence[Token]) -> Rules:
    """Return the lines that are no strokes of letters: a level line below words stays, one through them does not."""
    level = [rule for rule in rules.level if not _is_level_stroke(rule, tokens)]
    return Rules(level, [rule for rule in rules.upright if not _is_upright_stroke(rule, tokens)])


def _is_level_stroke(rule: Rule, tokens: Sequence[Token]) -> bool:
    over = 0.0
    for token in tokens:
        edge = _EDGE * token.height
        if token.top + edge < rule.at < token.bottom - edge:
            over += max(0.0, min(rule.end, token.right) - max(rule.start, token.left))
    return over > _IN_TEXT * (rule.end - rule.start)


def _is_upright_stroke(rule: Rule, tokens: Sequence[Token]) -> bool:
    over = 0.0
    for token in tokens:
        if token.left <= rule.at <= token.right:
            over += max(0.0, min(rule.end, token.bottom) - max(rule.start, token.top))
    return over > _IN_TEXT * (rule.end - rule.start)


def _darkest(grey: "Grey", reduction: int) -> "Grey":
    import cv2
    import numpy as np

    eroded = cv2.erode(grey, _ones(reduction, reduction), anchor=(0, 0))
    rows, columns = (side // reduction * reduction for side in grey.shape)
    return np.ascontiguousarray(eroded[0:rows:reduction, 0:columns:reduction]).astype("uint8", copy=False)


def _straightened(small: "Grey", to_small: Transform, size: tuple[int, int]) -> "Grey":
    import cv2
    import numpy as np

    if all(abs(value - one) < 1e-3 for value, one in zip(to_small.matrix, Transform().matrix, strict=True)):
        return small
    matrix = np.array(to_small.matrix[:6]).reshape(2, 3)
    warped = cv2.warpAffine(small, matrix, size, flags=cv2.INTER_LINEAR, borderValue=255)
    return warped.astype("uint8", copy=False)


def _lines(ink: "Grey", width: int, height: int, thickness: float) -> list[tuple[int, int, int, int]]:
    import cv2

    gap = _ones(_GAP_PX, 1) if width > height else _ones(1, _GAP_PX)
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, gap)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _ones(width, height))
    # Contours are three times as fast as components with their labels.
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h in map(cv2.boundingRect, contours)]
    return [box for box in boxes if (box[3] if width > height else box[2]) <= max(3.0, thickness)]


def _ones(width: int, height: int) -> "Grey":
    import numpy as np

    return np.ones((height, width), np.uint8)
