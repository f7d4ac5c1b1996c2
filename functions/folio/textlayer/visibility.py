"""Whether a text layer is what a reader sees: its words compared with two small drawings of the page.

The drawings (height x width, uint8, 0 black) differ only where glyphs are drawn (`documents.poppler.draw_small`).
Invisible words of an old OCR over a scan, white words and words under a picture lie where nothing differs; a picture of
writing is ink in rows outside of all words. Boxes are those of fonts, in pixels of the drawings: they hold the ink and
a little more.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.pixels import Grey, components

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Boxes = NDArray[np.intp]  # n x 4: left, top, right, bottom; the last two outside

# Grey levels of 255.
_MIN_EDGE_LEVELS = 16  # a difference between smooth and hard edges of glyphs
_MIN_INK_LEVELS = 32  # a difference in brightness to what is around

# Pixels of the drawings.
_PAPER_STEP_PX, _PAPER_WINDOW = 3, 7  # every third pixel, and the median over 7 x 7 of these: paper under writing
_MARGIN_PX = 2  # around a word's box that still belong to it: italics, swashes, rounding
_MIN_ROW_PX, _MAX_ROW_PX = 3, 80  # height of rows of writing; nobody can read what is lower
_CHARACTER_GAP_PX = 7  # closed to make a row of a line's characters and words

# Shares above which a layer is not the page's text.
_MAX_UNSEEN_SHARE = 0.1  # of the characters, over ink that no glyph has drawn
_MAX_UNCLAIMED_SHARE = 0.1  # of the glyphs' ink, outside of all words
_MAX_WRITING_SHARE = 0.1  # of the area of writing, in pictures
# A few words on a page full of something else ("Scanned with …") are not its text.
_FEW_CHARACTERS = 40
_MAX_OTHER_INK_RATIO = 4.0  # to the glyphs' ink

_MIN_ROW_RATIO = 2.5  # of a row's length to its height
_MIN_CHANGES = 0.1  # between ink and paper for each pixel of a row: characters 0.2 to 0.5, bars and edges hardly any


class Word(Struct, frozen=True):
    """A word of the layer: its length in characters and its box in pixels of the drawings."""

    length: int
    box: tuple[float, float, float, float]


def visible_words(words: Sequence[Word], smooth: Grey, hard: Grey) -> list[bool] | None:
    """Return which of the words are visible, or None if they are not the page's text.

    They are not if more than a tenth of the characters lies over ink that no glyph has drawn, of the glyphs' ink
    outside of all words, or of the writing in pictures.
    """
    import cv2
    import numpy as np

    boxes = _boxes(words, smooth.shape)
    glyphs = cv2.absdiff(smooth, hard) > _MIN_EDGE_LEVELS
    drawn = _counts(glyphs, boxes) > 0
    words_area = _cover(boxes, smooth.shape)
    if (glyphs & ~words_area).sum() > _MAX_UNCLAIMED_SHARE * glyphs.sum():
        return None
    if drawn.all() and _is_plain(smooth, ~words_area):
        return [True] * len(words) if words else None
    ink = cv2.absdiff(smooth, _paper(smooth)) > _MIN_INK_LEVELS
    inked = _counts(ink, boxes) > 0
    lengths = np.array([word.length for word in words])
    unseen, visible = lengths[inked & ~drawn].sum(), lengths[drawn].sum()
    if not visible or unseen > _MAX_UNSEEN_SHARE * (visible + unseen):
        return None
    beside = ink & ~words_area
    writing = _writing(beside)
    if writing > _MAX_WRITING_SHARE * (writing + words_area.sum()):
        return None
    if visible < _FEW_CHARACTERS and beside.sum() > _MAX_OTHER_INK_RATIO * glyphs.sum():
        return None
    return [bool(value) for value in drawn | inked]


def _is_plain(image: Grey, where: "NDArray[np.bool_]") -> bool:
    """Return whether nothing stands out there, as on most pages of a book: then the rest need not be examined."""
    import cv2

    darkest, brightest, _, _ = cv2.minMaxLoc(image, where.view("uint8"))
    return brightest - darkest <= _MIN_INK_LEVELS


def _paper(image: Grey) -> Grey:
    """Return the page without what is written on it."""
    import cv2

    height, width = image.shape
    size = -(-width // _PAPER_STEP_PX), -(-height // _PAPER_STEP_PX)
    small = cv2.resize(image, size, interpolation=cv2.INTER_NEAREST)
    return cv2.resize(cv2.medianBlur(small, _PAPER_WINDOW), (width, height)).astype("uint8", copy=False)


def _boxes(words: Sequence[Word], shape: tuple[int, ...]) -> "Boxes":
    """Return the words' boxes with their margins, in whole pixels within the drawing."""
    import numpy as np

    height, width = shape[:2]
    exact = np.array([word.box for word in words], dtype=float).reshape(-1, 4)
    grown = np.hstack([np.floor(exact[:, :2]) - _MARGIN_PX, np.ceil(exact[:, 2:]) + _MARGIN_PX])
    boxes: NDArray[np.intp] = np.clip(grown, 0, [width, height, width, height]).astype(np.intp)
    return boxes


def _counts(mask: "NDArray[np.bool_]", boxes: "Boxes") -> "NDArray[np.intp]":
    """Return how many pixels of the mask lie in each box."""
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
    """Return the area, in pixels, of what looks like lines of text: long, low, and changing between ink and paper."""
    import cv2
    import numpy as np

    if not ink.any():
        return 0
    closed = cv2.morphologyEx(ink.astype("uint8"), cv2.MORPH_CLOSE, np.ones((1, _CHARACTER_GAP_PX), np.uint8))
    rows = components(closed.astype("uint8"))
    left, top, width, height = rows.left, rows.top, rows.width, rows.height
    changes = np.zeros(ink.shape, dtype=bool)
    changes[:, 1:] = ink[:, 1:] != ink[:, :-1]
    busy = _counts(changes, np.stack([left, top, left + width, top + height], axis=1)) > _MIN_CHANGES * width * height
    lines = (height >= _MIN_ROW_PX) & (height <= _MAX_ROW_PX) & (width >= _MIN_ROW_RATIO * height) & busy
    return int((width * height)[lines].sum())
