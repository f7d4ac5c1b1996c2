"""Writing of which nothing is said, beside lines that are read: it is in a script that PP-OCR does not read.

Blurred letters are mistaken for others, as many as there are; of characters that it was not trained on it says none, or
one here and there.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from folio.providers.ppocr.script import written_columns
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    from folio.providers.ppocr.characters import Character
    from folio.providers.ppocr.recognition import Crop

# In heights of a line, as all lengths here.
_MIN_RATIO = 3.0  # of a line that tells something
_MIN_STRETCH = 2.0  # of writing without a character
_REACH = 0.5  # to both sides of a character's middle: there the writing is read
_MIN_PROBABILITY = 0.3  # of a character that is said
_FILLED = 0.7  # of a line's length, by its characters: such a line is read
# Of all writing of a page without a character, how much and what share. Half-Latin pages in Korean have 0.32 and more,
# photographs of newspapers 0.02 at most: charts and pictures that were taken for lines.
_MIN_LENGTH, _MIN_SHARE = 20.0, 0.1


def has_silent_writing(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> bool:
    """Return whether much of what is written in the lines of a page is not among what was read of them."""
    total = silent = 0.0
    for crop, characters in lines:
        height, width = crop.image.shape
        if width < _MIN_RATIO * height:
            continue
        length, unsaid = width / height, 0.0
        if sum(1.0 if is_wide(one.text) else 0.5 for one in characters) < _FILLED * length:
            length, unsaid = _lengths(crop, characters)
        total, silent = total + length, silent + unsaid
    return silent >= max(_MIN_LENGTH, _MIN_SHARE * total)


def _lengths(crop: "Crop", characters: Sequence["Character"]) -> tuple[float, float]:
    """Return how long the writing in a line is, and its stretches without a character."""
    import numpy as np

    height = crop.image.shape[0]
    written = written_columns(crop)
    length = float(written.sum()) / height
    for one in characters:
        if one.probability >= _MIN_PROBABILITY and not one.text.isspace():
            written[max(0, int(one.center - _REACH * height)) : int(one.center + _REACH * height) + 1] = 0
    edges = np.diff(written.astype(np.int8), prepend=0, append=0)
    stretches = (np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)) / height
    return length, float(stretches[stretches >= _MIN_STRETCH].sum())
