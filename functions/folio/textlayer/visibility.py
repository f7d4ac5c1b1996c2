"""Whether a text layer is what a reader sees: its words against two small drawings of the page.

The drawings (height x width, uint8, 0 black) differ only where glyphs are drawn (`documents.poppler.draw_small`).
Invisible words of an old OCR over a scan, white words and words under a picture lie where nothing differs; a picture of
writing is ink in rows outside of all words. Boxes are those of fonts, in pixels of the drawings: they hold the ink and
a little more.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.pixels import Grey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Boxes = NDArray[np.intp]  # n x 4: left, top, right, bottom; the last two outside

_EDGE = 16  # a difference between smooth and hard edges of glyphs
_INK = 32  # a difference in brightness to what is around
_THIN, _AROUND = 3, 7  # every third pixel, and the median over 7 x 7 of these: paper, if there is writing on it
_MARGIN = 2  # pixels around a word's box that are still its own: italics, swashes, rounding
# Shares at which a layer is not the page's text any more.
_UNSEEN, _UNCLAIMED, _WRITING = 0.1, 0.1, 0.1
# A few words on a page full of something else ("Scanned with …") are not its text: characters; ink by glyphs' ink.
_FEW, _FULL = 40, 4.0
# Rows of writing in pixels of the drawing; in a picture of less than 3 pixels' height nobody reads anything.
_LOWEST, _HIGHEST = 3, 80
_LETTER_GAP = 7  # closed to make a row of a line's letters and words
_LONG = 2.5  # a row is longer than high
_BUSY = 0.1  # changes between ink and paper for each pixel of a row: letters 0.2 to 0.5, bars and edges hardly any


class Word(Struct, frozen=True):
    """A word of the layer: its length in characters and its box in pixels of the drawings."""

    length: int
    box: tuple[float, float, float, float]


def visible_words(words: Sequence[Word], smooth: Grey, hard: Grey) -> list[bool] | None:
    """Which of the words are there to be seen, or null if they are not the page's text.

    Not, if more than a tenth of the characters lies over ink that no glyph has drawn; of the glyphs' ink outside of
    all words; or of the writing in pictures.
    """
    import cv2
    import numpy as np

    boxes = _boxes(words, smooth.shape)
    glyphs = cv2.absdiff(smooth, hard) > _EDGE
    drawn = _counts(glyphs, boxes) > 0
    words_area = _cover(boxes, smooth.shape)
    if (glyphs & ~words_area).sum() > _UNCLAIMED * glyphs.sum():
        return None
    if drawn.all() and _is_plain(smooth, ~words_area):
        return [True] * len(words) if words else None
    ink = cv2.absdiff(smooth, _paper(smooth)) > _INK
    inked = _counts(ink, boxes) > 0
    lengths = np.array([word.length for word in words])
    unseen, visible = lengths[inked & ~drawn].sum(), lengths[drawn].sum()
    if not visible or unseen > _UNSEEN * (visible + unseen):
        return None
    beside = ink & ~words_area
    writing = _writing(beside)
    if writing > _WRITING * (writing + words_area.sum()):
        return None
    if visible < _FEW and beside.sum() > _FULL * glyphs.sum():
        return None
    return [bool(value) for value in drawn | inked]


def _is_plain(image: Grey, where: "NDArray[np.bool_]") -> bool:
    """Whether nothing stands out there: most pages of a book, and the rest need not be looked at."""
    import cv2

    darkest, brightest, _, _ = cv2.minMaxLoc(image, where.view("uint8"))
    return brightest - darkest <= _INK


def _paper(image: Grey) -> Grey:
    """The page without what is written on it."""
    import cv2

    height, width = image.shape
    small = cv2.resize(image, (-(-width // _THIN), -(-height // _THIN)), interpolation=cv2.INTER_NEAREST)
    return cv2.resize(cv2.medianBlur(small, _AROUND), (width, height)).astype("uint8", copy=False)


def _boxes(words: Sequence[Word], shape: tuple[int, ...]) -> "Boxes":
    """The words' boxes with their margins, in whole pixels within the drawing."""
    import numpy as np

    height, width = shape[:2]
    given = np.array([word.box for word in words], dtype=float).reshape(-1, 4)
    grown = np.hstack([np.floor(given[:, :2]) - _MARGIN, np.ceil(given[:, 2:]) + _MARGIN])
    boxes: NDArray[np.intp] = np.clip(grown, 0, [width, height, width, height]).astype(np.intp)
    return boxes


def _counts(mask: "NDArray[np.bool_]", boxes: "Boxes") -> "NDArray[np.intp]":
    """How many pixels of the mask lie in each box."""
    import cv2
    import numpy as np

    sums = cv2.integral(mask.astype("uint8"))
    left, top, right, bottom = boxes.T
    return np.asarray(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left], dtype=np.intp)


def _cover(boxes: "Boxes", shape: tuple[int, ...]) -> "NDArray[np.bool_]":
    import numpy as np

    covered = np.zeros(shape[:2], dtype=bool)
    for left, top, right, bottom in boxes.tolist():
        covered[top:bottom, left:right] = True
    return covered


def _writing(ink: "NDArray[np.bool_]") -> int:
    """The area, in pixels, of what looks like lines of writing: long, low, and changing between ink and paper."""
    import cv2
    import numpy as np

    if not ink.any():
        return 0
    marks = ink.astype("uint8")
    rows = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((1, _LETTER_GAP), np.uint8))
    stats = cv2.connectedComponentsWithStats(rows, connectivity=8)[2][1:]
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    changes = np.zeros(ink.shape, dtype=bool)
    changes[:, 1:] = ink[:, 1:] != ink[:, :-1]
    busy = _counts(changes, np.stack([left, top, left + width, top + height], axis=1)) > _BUSY * width * height
    lines = (height >= _LOWEST) & (height <= _HIGHEST) & (width >= _LONG * height) & busy
    return int((width * height)[lines].sum())
