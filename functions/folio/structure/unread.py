"""What an engine left unread on a page: where a code may be, for words that were read are none.

Searching a whole page for codes costs up to a sixth of reading it, and few pages have one.
"""

from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey, shrink_to
from folio.models import Page, PageImage
from folio.textlayer.code_like import code_boxes
from folio.transform import Box, Polygon, Transform, bounds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Flags = NDArray[np.bool_]

_SURE = 0.7  # of a word; of 13 drawn codes of eight kinds PP-OCR read none as words
_BARS = frozenset("Iil1|!/\\[]()-_.,:'\"")  # as which bars may be read
_SIDE_PX = 640  # of the longer side of the drawing it is told by
_MARGIN_PX = 1  # around a word
_PAPER_WINDOW_PX = 21  # codes have white between their bars and modules
_MIN_INK_LEVELS = 32


def sure_words(page: Page) -> tuple[Polygon, ...]:
    """Return where the words are that were read surely, in the page's pixels."""
    return tuple(
        word.polygon
        for line in page.lines
        for word in line.words
        if (word.confidence or 0.0) >= _SURE and not _BARS.issuperset(word.text)
    )


def code_locations(grey: Grey, image: PageImage, words: tuple[Polygon, ...]) -> list[Box]:
    """Return where on the drawing of a page codes may be, in its pixels, those words left out."""
    import cv2
    import numpy as np

    small = shrink_to(grey, _SIDE_PX)
    scale = grey.shape[1] / small.shape[1], grey.shape[0] / small.shape[0]
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_PAPER_WINDOW_PX, _PAPER_WINDOW_PX), np.uint8))
    ink = (cv2.subtract(paper, small) > _MIN_INK_LEVELS) & ~_cover(image, words, scale, small.shape)
    across, down = scale
    return [(a * across, b * down, c * across, d * down) for a, b, c, d in code_boxes(small, np.asarray(ink))]


def _cover(image: PageImage, words: tuple[Polygon, ...], scale: tuple[float, float], shape: tuple[int, ...]) -> "Flags":
    """Return where on the reduced drawing the words are."""
    import numpy as np

    to_small = image.to_page.inverse().then(Transform.scale(1 / scale[0], 1 / scale[1]))
    covered = np.zeros(shape, bool)
    for word in words:
        left, top, right, bottom = (round(side) for side in bounds(to_small.polygon(word)))
        here = np.s_[
            max(0, top - _MARGIN_PX) : max(0, bottom + _MARGIN_PX),
            max(0, left - _MARGIN_PX) : max(0, right + _MARGIN_PX),
        ]
        covered[here] = True
    return covered
