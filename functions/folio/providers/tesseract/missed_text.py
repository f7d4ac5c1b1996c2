"""What of a page's ink looks like characters and is covered by no word."""

from collections.abc import Sequence

from msgspec import Struct

from folio.documents.raster.characters import EQUAL_VOTES, can_be_of_height
from folio.documents.raster.pixels import Grey, components, stretch_to
from folio.models import Word
from folio.transform import Box

_SPACING = 1.3  # width of a line in widths of its characters
_MAX_SIDE_PX = 2400  # half as many on the longer side are enough to see what is a character


class MissedText(Struct, frozen=True):
    """Boxes (left, top, right, bottom) of strips of characters, ruling lines (0 where none is) and sizes in pixels.

    `height` is that of the characters; `total_width` is how wide all characters of the page are together, with the
    spaces between them.
    """

    boxes: list[tuple[int, int, int, int]]
    rules: Grey
    height: float
    total_width: float = 0.0


def find_missed_text(image: Grey, words: Sequence[Word]) -> MissedText:
    """Return the strips of characters outside the words, from top to bottom."""
    import cv2

    covers = [word.bounds for word in words]
    if max(image.shape) <= _MAX_SIDE_PX:
        return _find_missed_text(image, covers)
    # Exactly half, and so each pixel the mean of four whole ones.
    size = image.shape[1] // 2, image.shape[0] // 2
    half = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype("uint8")
    missed = _find_missed_text(half, [(a / 2, b / 2, c / 2, d / 2) for a, b, c, d in covers])
    boxes = [(2 * left, 2 * top, 2 * right, 2 * bottom) for left, top, right, bottom in missed.boxes]
    return MissedText(boxes, stretch_to(missed.rules, image.shape), 2 * missed.height, 2 * missed.total_width)


def _find_missed_text(image: Grey, covers: Sequence[Box]) -> MissedText:
    import cv2
    import numpy as np

    inked = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1].astype("uint8")
    rules = cv2.dilate(_rules(inked), np.ones((3, 3), np.uint8)).astype("uint8")
    inked[rules > 0] = 0
    shapes = components(inked)
    typical = EQUAL_VOTES.matching(shapes)
    if not typical.any():
        return MissedText([], rules, 0.0)
    height = float(np.median(shapes.height[typical]))
    covered = np.zeros(image.shape, bool)
    for cover in covers:
        left, top, right, bottom = map(round, cover)
        covered[max(0, top) : bottom, max(0, left) : right] = True
    characters = can_be_of_height(shapes, height)
    marks = np.zeros(image.shape, np.uint8)
    for left, top, right, bottom in shapes.boxes(characters):
        if not covered[(top + bottom) // 2, (left + right) // 2]:
            marks[top:bottom, left:right] = 255
    strips = components(_joined(marks, int(1.3 * height)))
    sized = (strips.height >= 0.5 * height) & (strips.height <= 4 * height) & (strips.width >= 0.6 * height)
    return MissedText(strips.boxes(sized), rules, height, _SPACING * float(shapes.width[characters].sum()))


def _joined(marks: Grey, gap: int) -> Grey:
    """Return marks with gaps of up to so many pixels across filled, but not those between a mark and the edge."""
    import cv2
    import numpy as np

    around = cv2.copyMakeBorder(marks, 0, 0, gap, gap, cv2.BORDER_CONSTANT, value=0)
    joined = cv2.morphologyEx(around, cv2.MORPH_CLOSE, np.ones((1, gap | 1), np.uint8))
    return joined[:, gap : gap + marks.shape[1]].astype("uint8")


def _rules(inked: Grey) -> Grey:
    """Return thin long lines, upright and level, as 255."""
    import cv2
    import numpy as np

    height, width = inked.shape
    length, thickness = max(40, min(height, width) // 25), max(8, height // 200)
    level = components(cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)).astype("uint8"))
    upright = components(cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8)).astype("uint8"))
    rules = level.mask(level.height <= thickness) | upright.mask(upright.width <= thickness)
    return (rules * 255).astype(np.uint8)
