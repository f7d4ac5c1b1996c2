"""Whether a text layer is what a reader sees: its words compared with two small drawings of the page.

The drawings (height x width, uint8, 0 black) differ only where glyphs are drawn (`documents.pdf.poppler.draw_small`).
Invisible words of an old OCR over a scan, white words and words under a bar or a picture lie where nothing differs.
Boxes are those of fonts, in pixels of the drawings: they hold the ink and a little more.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.raster.pixels import Grey
from folio.textlayer import writing
from folio.textlayer.code_like import code_boxes
from folio.transform import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Boxes = NDArray[np.intp]  # n x 4: left, top, right, bottom; the last two outside
    type Flags = NDArray[np.bool_]

# Grey levels of 255.
MIN_EDGE_LEVELS = 16  # a difference between smooth and hard edges of glyphs
_MIN_INK_LEVELS = 32  # a difference in brightness to what is around

# Pixels of the drawings.
_PAPER_STEP_PX, _PAPER_WINDOW = 3, 7  # every third pixel, and the median over 7 x 7 of these: paper under writing
_MARGIN_PX = 2  # around a word's box that still belong to it: italics, swashes, rounding

_CORE_TRIM = 0.15  # of a box's height, above and below, where glyphs of other lines may be
_MIN_CORE_SHARE = 0.02  # of a word's core that is edges of glyphs; 0.1 to 0.6 of drawn words, 0 under bars
_MIN_OVERLAP_SHARE = 0.3  # of the smaller of two words whose cores lie on each other

# A few words on a page full of something else ("Scanned with …") are not its text.
_FEW_CHARACTERS = 40
_MAX_OTHER_INK_RATIO = 4.0  # to the glyphs' ink
_MIN_WRITING_SHARE = 0.002  # below it are pieces of rules and charts; a small stamp on a dense page is 0.004
_MAX_WRITING_SHARE = 0.5  # of the area of writing, outside of the visible words


class Word(Struct, frozen=True):
    """A word of the layer: its length in characters, 0 where none is a letter or a digit, and its box in pixels."""

    length: int
    box: tuple[float, float, float, float]


class Outside(Struct, frozen=True):
    """What is written outside of the visible words: boxes of lines in pixels of the drawing, and their share of all.

    `codes` are where codes may be beside the words, in the same pixels. `reason` says why the words are not what there
    is to read on the page, if they are not.
    """

    boxes: list[tuple[int, int, int, int]]
    ratio: float
    reason: str | None = None
    codes: Sequence[Box] = ()


def drawn_words(words: Sequence[Word], smooth: Grey, hard: Grey) -> "Flags":
    """Return for each word whether edges of glyphs are in the middle of its box."""
    import cv2
    import numpy as np

    cores = _cores(words, smooth.shape)
    glyphs = cv2.absdiff(smooth, hard) > MIN_EDGE_LEVELS
    areas = (cores[:, 2] - cores[:, 0]) * (cores[:, 3] - cores[:, 1])
    return np.asarray(writing.counts(glyphs, cores) > _MIN_CORE_SHARE * areas)


def overlapping_words(words: Sequence[Word], shape: tuple[int, ...]) -> "Flags":
    """Return for each word whether another one lies on it: one of the two may be under a box that hides it.

    `shape` is height and width of the drawing.
    """
    import numpy as np

    overlapping = np.zeros(len(words), dtype=bool)
    cores = _exact_cores(words)
    counted = np.array([word.length > 0 for word in words], dtype=bool)
    for index in np.flatnonzero(counted & _are_crowded(cores, counted, shape)).tolist():
        left, top, right, bottom = cores[index]
        across = np.minimum(cores[:, 2], right) - np.maximum(cores[:, 0], left)
        down = np.minimum(cores[:, 3], bottom) - np.maximum(cores[:, 1], top)
        areas = (cores[:, 2] - cores[:, 0]) * (cores[:, 3] - cores[:, 1])
        smaller = np.minimum(areas, (right - left) * (bottom - top))
        hit = counted & (across > 0) & (down > 0) & (across * down > _MIN_OVERLAP_SHARE * smaller)
        hit[index] = False
        overlapping |= hit
        overlapping[index] |= hit.any()
    return overlapping


def _are_crowded(cores: "NDArray[np.float64]", counted: "Flags", shape: tuple[int, ...]) -> "Flags":
    """Return for each word whether so much of it is another's too that it may be the smaller of two."""
    import cv2
    import numpy as np

    boxes = writing.within(np.round(cores), shape)
    corners = np.zeros((shape[0] + 1, shape[1] + 1), dtype=np.float32)
    left, top, right, bottom = boxes[counted].T
    for y, x, step in ((top, left, 1), (bottom, right, 1), (top, right, -1), (bottom, left, -1)):
        np.add.at(corners, (y, x), step)
    # The sums of corners above and to the left of a pixel are the words that lie on it.
    crowded = cv2.integral(corners, sdepth=cv2.CV_32F)[1:-1, 1:-1] > 1
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return np.asarray(writing.counts(crowded, boxes) > _MIN_OVERLAP_SHARE / 2 * areas)


def outside(words: Sequence[Word], smooth: Grey, hard: Grey) -> Outside:
    """Return what is written outside of words, all of which are visible."""
    import cv2

    area = _cover(words, smooth.shape)
    if _is_plain(smooth, ~area):
        return Outside([], 0.0)
    beside = (cv2.absdiff(smooth, _paper(smooth)) > _MIN_INK_LEVELS) & ~area
    glyphs = cv2.absdiff(smooth, hard) > MIN_EDGE_LEVELS
    lines = writing.lines_of(beside)
    written = sum((right - left) * (bottom - top) for left, top, right, bottom in lines)
    ratio = written / (written + int(area.sum()))
    reason = None
    if ratio < _MIN_WRITING_SHARE:
        lines, ratio = [], 0.0
    if ratio > _MAX_WRITING_SHARE:
        reason = "most of what is written on the page is not in it"
    few = sum(word.length for word in words) < _FEW_CHARACTERS
    if few and beside.sum() > _MAX_OTHER_INK_RATIO * glyphs.sum():
        reason = "it has a few words of a page that is full of something else"
    return Outside(lines, ratio, reason, code_boxes(smooth, beside))


def _is_plain(image: Grey, where: "Flags") -> bool:
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


def _exact_cores(words: Sequence[Word]) -> "NDArray[np.float64]":
    """Return the middles of the words' boxes, trimmed across the line."""
    import numpy as np

    boxes = np.array([word.box for word in words], dtype=float).reshape(-1, 4)
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    upright = np.array([word.length > 1 for word in words]) & (height > 2 * width)
    trim = np.stack([np.where(upright, width * _CORE_TRIM, 0), np.where(upright, 0, height * _CORE_TRIM)], axis=1)
    return np.asarray(boxes + np.hstack([trim, -trim]))


def _cores(words: Sequence[Word], shape: tuple[int, ...]) -> "Boxes":
    """Return the cores in whole pixels within the drawing: the outermost may be a neighbor's."""
    import numpy as np

    exact = _exact_cores(words)
    cores = np.hstack([np.floor(exact[:, :2]), np.ceil(exact[:, 2:])])
    for low, high in ((0, 2), (1, 3)):
        wide = cores[:, high] - cores[:, low] > 4
        cores[wide, low] += 1
        cores[wide, high] -= 1
    return writing.within(cores, shape)


def _cover(words: Sequence[Word], shape: tuple[int, ...]) -> "Flags":
    """Return where the words are, with their margins."""
    import numpy as np

    exact = np.array([word.box for word in words], dtype=float).reshape(-1, 4)
    grown = np.hstack([np.floor(exact[:, :2]) - _MARGIN_PX, np.ceil(exact[:, 2:]) + _MARGIN_PX])
    covered = np.zeros(shape[:2], dtype=bool)
    for left, top, right, bottom in writing.within(grown, shape).tolist():
        covered[top:bottom, left:right] = True
    return covered
