"""The ruling lines of a page, found in its drawing."""

import itertools
from collections.abc import Iterable, Sequence
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.raster import pixels
from folio.errors import EngineFailed
from folio.structure.tables.flat_drawing import laid_flat, leans, set_upright
from folio.structure.tables.tokens import Token
from folio.text.bend import Bend
from folio.textlayer.line_art import CONTRAST, INK, LineArt
from folio.transform import Transform, bounds, box

if TYPE_CHECKING:
    from folio.documents.raster.pixels import Floats, Grey

# The drawing is looked at in this many pixels of a text's height: lines of a pixel are kept, as the darkest of a block
# of pixels stands for it.
_TEXT_PX = 14.0
_MAX_REDUCTION = 4
# In heights of the text: the shortest lines, the thickest, and gaps in them.
_MIN_LEVEL, _MIN_UPRIGHT, _MAX_THICKNESS = 2.2, 1.3, 0.5
# Of a level line that rises or falls a little, as on a sheet that hardly bends: how high it is, in the largest
# thicknesses, and how much of the box around it is its own.
_MAX_WAVE, _MAX_WAVE_FILL = 2.0, 0.6
_MIN_STROKE = 80  # of 255; what is left of a stroke of a pixel that was turned
_FAT_PX = 9  # a darker area is none
_GAP_PX = 3
_MIN_AREA_WIDTH, _MIN_AREA_FILL = 2.5, 0.6  # in heights; of its box, what letters in it leave of a dark rectangle
_EDGE = 0.12  # of a word's height, in which a line is an underline
_MAX_RULES = 2000  # of each way, the longest
_IN_TEXT = 0.5  # of a line, that runs through words: it is a stroke of their letters
_BATCH = 64  # lines that are held against all words at once: one by one, a full page takes half a minute

type _Stroke = tuple[int, int, int, int]  # left, top, width and height in pixels
type _Stretches = tuple[Floats, Floats]  # where they begin, where they end
type _BothWays = tuple[list[_Stroke], list[_Stroke]]  # level and upright


class Rule(Struct, frozen=True, gc=False):
    """A level line at the height `at` from left to right, or an upright one from top to bottom; in upright pixels."""

    at: float
    start: float
    end: float


class Rules(Struct, frozen=True):
    level: list[Rule] = []
    upright: list[Rule] = []

    def between(self, left: float, right: float) -> "Rules":
        """Return what lies between two sides, level lines cut there."""
        level = [
            Rule(rule.at, max(rule.start, left), min(rule.end, right))
            for rule in self.level
            if rule.start < right and rule.end > left
        ]
        return Rules(level, [rule for rule in self.upright if left <= rule.at <= right])


def covered(rules: Iterable[Rule], start: float, end: float) -> float:
    """Return how much of a stretch lines cover."""
    total, reached = 0.0, start
    for rule in sorted(rules, key=lambda rule: rule.start):
        begin = max(rule.start, reached)
        stop = min(rule.end, end)
        if stop > begin:
            total += stop - begin
            reached = stop
    return total


def rules_in(
    drawing: Path, upright: Transform, size: tuple[float, float], height: float, bends: Sequence[Bend | None]
) -> list[Rules]:
    """Return the lines on a drawing once for each of `bends`: those on a page laid flat by it, or as it is by None.

    `upright` leads from its pixels to the upright frame, which has `size`; `height` is the text's there. Raises
    EngineFailed.
    """
    grey = pixels.read(drawing)
    if grey is None:
        raise EngineFailed("The drawing of a page is incomplete; the scratch space may be full.")
    per_pixel = _per_pixel(upright)
    reduction = min(_MAX_REDUCTION, max(1, int(height / per_pixel / _TEXT_PX)))
    small = _darkest(grey, reduction)
    scale = per_pixel * reduction  # upright pixels in one of the small drawing
    to_small = Transform.scale(reduction, reduction).then(upright).then(Transform.scale(1 / scale, 1 / scale))
    small_size = int(size[0] / scale) + 1, int(size[1] / scale) + 1
    return [
        _rules(_straightened(small, to_small, small_size), height, scale)
        if bend is None
        else _rules(laid_flat(small, to_small, small_size, bend, scale), height, scale, is_bent=True)
        for bend in bends
    ]


def _rules(small: "Grey", height: float, scale: float, *, is_bent: bool = False) -> Rules:
    """Return the lines on an upright drawing, `scale` upright pixels in one of its own; upright ones may lean."""
    import cv2

    dark = (small < INK).astype("uint8")
    fat = cv2.morphologyEx(dark, cv2.MORPH_OPEN, _ones(_FAT_PX, _FAT_PX)).astype("uint8", copy=False)
    contrast = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, _ones(_FAT_PX, _FAT_PX))
    thin = (contrast > CONTRAST).astype("uint8")
    px = height / scale
    level, upright_lines = _leaning(thin, px) if is_bent else _both_ways(thin, px)
    return _scaled(*_with_edges(level, upright_lines, _areas(fat, px)), scale)


def rules_of(art: LineArt, upright: Transform, size: tuple[float, float], height: float) -> Rules:
    """Return the lines among strokes; `upright` leads from their pixels, the rest is as in `rules_in`."""
    scale = _per_pixel(upright)
    to_small = upright.then(Transform.scale(1 / scale, 1 / scale))
    strokes = 255 * art.mask()
    turned = _straightened(strokes, to_small, (int(size[0] / scale) + 1, int(size[1] / scale) + 1), around=0)
    level, upright_lines = _both_ways((turned > _MIN_STROKE).astype("uint8"), height / scale)
    boxes = [tuple(map(round, bounds(to_small.polygon(box(*area))))) for area in art.areas]
    return _scaled(*_with_edges(level, upright_lines, [(a, b, c - a, d - b) for a, b, c, d in boxes]), scale)


def _per_pixel(upright: Transform) -> float:
    a, b, _, d, e = upright.matrix[:5]
    return float(abs(a * e - b * d) ** 0.5) or 1.0


def _both_ways(ink: "Grey", px: float) -> _BothWays:
    """Return the level and the upright lines of a mask on which text is `px` high."""
    level = _lines(ink, max(2, round(_MIN_LEVEL * px)), 1, _MAX_THICKNESS * px)
    return level, _lines(ink, 1, max(2, round(_MIN_UPRIGHT * px)), _MAX_THICKNESS * px)


def _leaning(ink: "Grey", px: float) -> _BothWays:
    """Return the same of a page that was bent, whose upright lines lean still: each where its middle is."""
    level, _ = _both_ways(ink, px)
    lean = leans(ink, px)
    _, leaning = _both_ways((set_upright(ink, lean) > _MIN_STROKE).astype("uint8"), px)
    middle = ink.shape[0] / 2
    placed = ((x, round((lean[0] + lean[1] * x) * (y + h / 2 - middle)), y, w, h) for x, y, w, h in leaning)
    return level, [(x + off, y, w, h) for x, off, y, w, h in placed]


def _with_edges(level: "list[_Stroke]", upright: "list[_Stroke]", areas: "Sequence[_Stroke]") -> "_BothWays":
    """Return lines and the edges of areas, which are lines too."""
    level = [*level, *((x, edge, w, 0) for x, y, w, h in areas for edge in (y, y + h))]
    return level, [*upright, *((edge, y, 0, h) for x, y, w, h in areas for edge in (x, x + w))]


def _scaled(level: "list[_Stroke]", upright: "list[_Stroke]", scale: float) -> Rules:
    return Rules(
        [Rule((y + h / 2) * scale, x * scale, (x + w) * scale) for x, y, w, h in level],
        [Rule((x + w / 2) * scale, y * scale, (y + h) * scale) for x, y, w, h in upright],
    )


def _areas(fat: "Grey", px: float) -> list[_Stroke]:
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
    import numpy as np

    if not tokens or not (rules.level or rules.upright):
        return rules
    left, top, right, bottom = np.array([(token.left, token.top, token.right, token.bottom) for token in tokens]).T
    edge = _EDGE * (bottom - top)
    level = _without_strokes(rules.level, (top + edge, bottom - edge), (left, right))
    return Rules(level, _without_strokes(rules.upright, (left, right), (top, bottom)))


def _without_strokes(rules: list[Rule], across: "_Stretches", along: "_Stretches") -> list[Rule]:
    """Return the lines of which most runs through no words, which begin and end at `across` and `along`."""
    import numpy as np

    clear: list[Rule] = []
    for batch in itertools.batched(rules, _BATCH):
        at, start, end = (one[:, None] for one in np.array([(rule.at, rule.start, rule.end) for rule in batch]).T)
        over = np.minimum(end, along[1]) - np.maximum(start, along[0])
        over[(at < across[0]) | (across[1] < at) | (over < 0)] = 0
        is_clear = over.sum(axis=1) <= _IN_TEXT * (end - start).ravel()
        clear += itertools.compress(batch, is_clear)
    return clear


def _darkest(grey: "Grey", reduction: int) -> "Grey":
    import cv2
    import numpy as np

    eroded = cv2.erode(grey, _ones(reduction, reduction), anchor=(0, 0))
    rows, columns = (side // reduction * reduction for side in grey.shape)
    return np.ascontiguousarray(eroded[0:rows:reduction, 0:columns:reduction]).astype("uint8", copy=False)


def _straightened(small: "Grey", to_small: Transform, size: tuple[int, int], around: int = 255) -> "Grey":
    import cv2
    import numpy as np

    if all(abs(value - one) < 1e-3 for value, one in zip(to_small.matrix, Transform().matrix, strict=True)):
        return small
    matrix = np.array(to_small.matrix[:6]).reshape(2, 3)
    warped = cv2.warpAffine(small, matrix, size, flags=cv2.INTER_LINEAR, borderValue=around)
    return warped.astype("uint8", copy=False)


def _lines(ink: "Grey", width: int, height: int, thickness: float) -> list[_Stroke]:
    import cv2

    gap = _ones(_GAP_PX, 1) if width > height else _ones(1, _GAP_PX)
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, gap)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _ones(width, height))
    # Contours are three times as fast as components with their labels.
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h in map(cv2.boundingRect, contours)]
    areas = map(cv2.contourArea, contours)
    is_level = width > height
    thin = [box for box, area in zip(boxes, areas, strict=True) if _is_thin(box, area, thickness, is_level=is_level)]
    return nlargest(_MAX_RULES, thin, key=lambda box: box[2] + box[3])


def _is_thin(box: _Stroke, area: float, limit: float, *, is_level: bool) -> bool:
    """Return whether an outline is that of a line; a level one may rise or fall a little."""
    _, _, width, height = box
    if (height if is_level else width) <= max(3.0, limit):
        return True
    return is_level and height <= _MAX_WAVE * limit and area <= _MAX_WAVE_FILL * width * height


def _ones(width: int, height: int) -> "Grey":
    import numpy as np

    return np.ones((height, width), np.uint8)
