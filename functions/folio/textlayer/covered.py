"""Which words are covered: a page's drawing compared with one of its text alone (`folio.textlayer.text_only`).

Both are drawn alike and larger than for `visibility`. A word is visible if the edges of its text are on the page too.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from folio.documents.raster.pixels import Grey
from folio.textlayer.visibility import Word, drawn_words
from folio.textlayer.writing import counts, within

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

type State = Literal["visible", "covered", "invisible"]

_MIN_TEXT_LEVELS, _MIN_PAGE_LEVELS = 48, 16  # of 255: what is an edge in the text alone, and on the page
_MIN_KEPT_SHARE = 0.75  # of its edges on the page: a word that is all there
_MAX_INK, _LOST_LEVELS = 128, 100  # of 255: dark text, and by how much the page is lighter there
_MAX_LOST_SHARE = 0.08  # of a word's dark text that is lighter on the page
_MIN_TOP_SHARE = 0.1  # of the edges of words on each other that are the uppermost's
_MIN_PART_SHARE = 0.4  # of its edges: a word whose end is covered
_MIN_CHANGED_SHARE = 0.02  # of a word's box, of pixels that change where its text is left out: 0 under a picture
_MIN_ON_TOP_SHARE = 0.6  # of the page's edges that lie on text: the uppermost of words on each other


def states(
    words: Sequence[Word], later: Sequence[bool], page: tuple[Grey, Grey], text: tuple[Grey, Grey]
) -> list[State]:
    """Return what became of each of the words; an invisible one is not drawn, or in the color of the paper.

    `later` tells of each word whether another one is drawn on it afterwards. `page` and `text` are smooth and hard
    drawings (height x width, of the same size) of the page and of its text alone; boxes are in their pixels.
    """
    import numpy as np

    text_edges, page_edges = _edges(text[0], _MIN_TEXT_LEVELS), _edges(page[0], _MIN_PAGE_LEVELS)
    boxes = _boxes(words, page[0].shape)
    all_text, all_page = counts(text_edges, boxes), counts(page_edges, boxes)
    retained = counts(text_edges & page_edges, boxes) / np.maximum(all_text, 1)
    on_top = counts(page_edges & _near(text[0] < 255 - _MIN_TEXT_LEVELS), boxes) / np.maximum(all_page, 1)
    lost = counts(_lost_ink(text[0], page[0]), boxes) / np.maximum(counts(text[0] < _MAX_INK, boxes), 1)
    whole = (retained >= _MIN_KEPT_SHARE) & (lost <= _MAX_LOST_SHARE)
    part = (retained >= _MIN_PART_SHARE) | ((retained > _MIN_TOP_SHARE) & (on_top >= _MIN_ON_TOP_SHARE))
    drawn = drawn_words(words, *page)
    # Under a picture of the same words only the way in which glyphs are drawn tells.
    visible = (whole | (part & ~np.array(later, dtype=bool))) & (drawn | ~drawn_words(words, *text))
    # Text that is white, or invisible, leaves nothing on white: glyphs' edges on the page tell the one from the other.
    blank = all_text == 0
    return [
        "visible" if ok else "invisible" if empty else "covered"
        for ok, empty in zip(np.where(blank, drawn, visible).tolist(), blank.tolist(), strict=True)
    ]


def drawn_as_shapes(words: Sequence[Word], page: tuple[Grey, Grey], text: tuple[Grey, Grey]) -> list[bool]:
    """Return for each word whether its glyphs are drawn like other shapes (Type 3 fonts, very large ones).

    Under a picture of it such a word looks like one that is seen.
    """
    flags: list[bool] = (~drawn_words(words, *page) & ~drawn_words(words, *text)).tolist()
    return flags


def is_on(words: Sequence[Word], page: Grey, without: Grey) -> list[bool]:
    """Return for each word whether the page looks different without its text there."""
    import cv2
    import numpy as np

    boxes = _boxes(words, page.shape)
    changed = counts(np.asarray(cv2.absdiff(page, without) > _MIN_PAGE_LEVELS), boxes)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    flags: list[bool] = (changed > _MIN_CHANGED_SHARE * areas).tolist()
    return flags


def _boxes(words: Sequence[Word], shape: tuple[int, ...]) -> "NDArray[np.intp]":
    import numpy as np

    exact = np.array([word.box for word in words], dtype=float).reshape(-1, 4)
    return within(np.hstack([np.floor(exact[:, :2]) + 1, np.ceil(exact[:, 2:]) - 1]), shape)


def _edges(image: Grey, levels: int) -> "NDArray[np.bool_]":
    import cv2
    import numpy as np

    steep = cv2.morphologyEx(image, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8))
    return np.asarray(steep > levels)


def _lost_ink(text: Grey, page: Grey) -> "NDArray[np.bool_]":
    """Return where text is dark and the page is not."""
    import cv2
    import numpy as np

    return np.asarray((text < _MAX_INK) & (cv2.subtract(page, text) > _LOST_LEVELS))


def _near(mask: "NDArray[np.bool_]") -> "NDArray[np.bool_]":
    import cv2
    import numpy as np

    return np.asarray(cv2.dilate(mask.astype("uint8"), np.ones((3, 3), np.uint8)) > 0)
