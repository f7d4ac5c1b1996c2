"""What of a page's ink looks like letters and is covered by no word."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from folio.documents.pixels import Grey
from folio.models import Word
from folio.transform import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_SPACED = 1.3  # width of a line in widths of its letters
_LARGE = 2400  # pixels of the longer side: half as many are enough to see what is a letter


class MissedText(Struct, frozen=True):
    """Boxes (left, top, right, bottom) of strips of letters; where ruling lines are; the letters' height in pixels.

    `letters` is how wide all letters of the page are together, with what is between them, in pixels.
    """

    boxes: list[tuple[int, int, int, int]]
    rules: Grey
    height: float
    letters: float = 0.0


def find_missed_text(image: Grey, words: Sequence[Word]) -> MissedText:
    """The strips of letters outside the words, from top to bottom."""
    import cv2

    if max(image.shape) <= _LARGE:
        return _find_missed_text(image, [word.bounds for word in words])
    half = cv2.resize(image, (image.shape[1] // 2, image.shape[0] // 2), interpolation=cv2.INTER_AREA).astype("uint8")
    found = _find_missed_text(half, [_half(word.bounds) for word in words])
    boxes = [(2 * left, 2 * top, 2 * right, 2 * bottom) for left, top, right, bottom in found.boxes]
    rules = cv2.resize(found.rules, image.shape[::-1], interpolation=cv2.INTER_NEAREST).astype("uint8")
    return MissedText(boxes, rules, 2 * found.height, 2 * found.letters)


def _find_missed_text(image: Grey, covers: Sequence[Box]) -> MissedText:
    import cv2
    import numpy as np

    inked = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1].astype("uint8")
    rules = cv2.dilate(_rules(inked), np.ones((3, 3), np.uint8)).astype("uint8")
    inked[rules > 0] = 0
    stats = cv2.connectedComponentsWithStats(inked)[2][1:]
    height = _character_height(stats)
    if not height:
        return MissedText([], rules, 0.0)
    covered = np.zeros(image.shape, np.uint8)
    for cover in covers:
        left, top, right, bottom = map(round, cover)
        covered[max(0, top) : bottom, max(0, left) : right] = 1
    marks = np.zeros(image.shape, np.uint8)
    letters = stats[_are_characters(stats, height)]
    for x, y, wide, high, _ in letters:
        if not covered[y + high // 2, x + wide // 2]:
            marks[y : y + high, x : x + wide] = 255
    joined = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((1, int(1.3 * height) | 1), np.uint8))
    found = cv2.connectedComponentsWithStats(joined)[2][1:]
    boxes = [
        (int(x), int(y), int(x + wide), int(y + high))
        for x, y, wide, high, _ in found
        if 0.5 * height <= high <= 4 * height and wide >= 0.6 * height
    ]
    return MissedText(boxes, rules, height, _SPACED * float(letters[:, cv2.CC_STAT_WIDTH].sum()))


def _half(box: Box) -> Box:
    left, top, right, bottom = box
    return left / 2, top / 2, right / 2, bottom / 2


def _rules(inked: Grey) -> Grey:
    """Thin long lines, upright and level."""
    import cv2
    import numpy as np

    height, width = inked.shape
    length, thickness = max(40, min(height, width) // 25), max(8, height // 200)
    level = cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    rules = np.zeros_like(inked)
    for lines, side in ((level, cv2.CC_STAT_HEIGHT), (upright, cv2.CC_STAT_WIDTH)):
        _, labels, stats, _ = cv2.connectedComponentsWithStats(lines.astype("uint8"))
        thin = stats[:, side] <= thickness
        thin[0] = False
        rules |= (thin[labels] * 255).astype("uint8")
    return rules


def _character_height(stats: "NDArray[Any]") -> float:
    import cv2
    import numpy as np

    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    letters = (height >= 6) & (height <= 120) & (width <= 4 * height) & (height <= 6 * width) & (area >= 12)
    return float(np.median(height[letters])) if letters.any() else 0.0


def _are_characters(stats: "NDArray[Any]", height: float) -> "NDArray[np.bool_]":
    """Which shapes can be letters of that height, or several that touch."""
    import cv2

    wide, high, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    of_size = (high >= 0.45 * height) & (high <= 3.5 * height) & (wide <= 8 * height)
    found: NDArray[np.bool_] = of_size & (area >= 0.04 * height * height) & (area <= 0.95 * high * wide + 6)
    return found
