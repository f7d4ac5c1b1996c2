"""Gaps of a line of letters in which something is written, perhaps a Chinese or Japanese word that was not told."""

from collections.abc import Sequence
from itertools import pairwise

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.ink import ink_of
from folio.text.spacing import is_wide

# In heights of the line.
REACH = 0.5  # to both sides of a character's middle: there the writing is read
# Between two characters' middles, where a wide one may stand; and columns of it, and the rows that are dark in each.
_MIN_GAP, _MIN_COLUMNS, _MIN_ROWS = 1.2, 0.25, 0.12


def has_gap(crop: Grey, characters: Sequence[Character]) -> bool:
    """Return whether between a line's characters, or beside them, a Chinese one may be written that is not said."""
    height, width = crop.shape
    printed = [one.center for one in characters if not one.text.isspace()]
    middles = [-REACH * height, *printed, width + REACH * height]
    gaps = [
        (int(left + REACH * height), int(right - REACH * height))
        for left, right in pairwise(middles)
        if right - left >= _MIN_GAP * height
    ]
    if not gaps:
        return False
    rows = ink_of(crop).sum(0)  # less is a row of dots, or a rule to write on
    return any((rows[start:end] >= _MIN_ROWS * height).sum() >= _MIN_COLUMNS * height for start, end in gaps)


def has_gap_between_wide(crop: Grey, characters: Sequence[Character]) -> bool:
    """Return whether a line of Chinese or Japanese has a gap in which something is written."""
    wide = sum(is_wide(one.text) for one in characters)
    return 2 * wide > len(characters) and has_gap(crop, characters)
