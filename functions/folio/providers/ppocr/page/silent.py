"""Writing of which nothing is said or nothing clear, beside lines that are read: PP-OCR does not read its script.

Blurred letters are mistaken for others, as many as there are; of characters that it was not trained on it says none, or
one here and there. Where they look like Latin letters, as those of Thai do in most fonts, it says as many as there are
too, but next to no word is clear, though the rest of the page is sharp.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from folio.providers.ppocr.onnx.characters import mean_probability
from folio.providers.ppocr.page.script import count_clear_letters, written_columns
from folio.providers.ppocr.text.gaps import REACH
from folio.providers.ppocr.text.ink import ink_of
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.characters import Character
    from folio.providers.ppocr.text.crop import Crop

# In heights of a line, as all lengths here.
_MIN_RATIO = 3.0  # of a line that tells something
_MIN_STRETCH = 2.0  # of writing without a character
_MIN_PROBABILITY = 0.3  # of a character that is said
_FILLED = 0.7  # of a line's length, by its characters: such a line is read
# Of all writing of a page without a character, how much and what share. Half-Latin pages in Korean have 0.32 and more,
# photographs of newspapers 0.02 at most: charts and pictures that were taken for lines.
_MIN_LENGTH, _MIN_SHARE = 20.0, 0.1
# Of a line of which nothing is clear: letters, their share of what is said, the most that are in clear words, and the
# mean probability. And the share of such lines of a page: half-Latin pages in Thai have 0.31 and more, of public ones a
# form with a note in tiny print 0.175, blurred photographs 0.06. On these the rest is not sharp either.
_MIN_LETTERS, _MIN_LETTER_SHARE, _MAX_CLEAR_SHARE, _MAX_UNCLEAR_MEAN = 8, 0.6, 0.3, 0.8
_MIN_UNCLEAR_SHARE = 0.25
_SHARP_MEAN, _MIN_SHARP_SHARE = 0.97, 0.5  # of the other lines


def has_unread_writing(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> bool:
    """Return whether much of what is written in the lines of a page was not read, though the rest was."""
    return has_silent_writing(lines) or has_unclear_writing(lines)


def has_unclear_writing(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> bool:
    """Return whether next to nothing is clear in many lines of letters, on a page that is sharp otherwise."""
    total = unclear = other = sharp = 0.0
    for crop, characters in lines:
        height, width = crop.image.shape
        length = width / height
        if length < _MIN_RATIO:
            continue
        total += length
        printed = [one for one in characters if not one.text.isspace()]
        mean = mean_probability(printed)
        if mean < _MAX_UNCLEAR_MEAN and _is_unclear(printed, characters):
            unclear += length
        elif printed:
            other, sharp = other + length, sharp + length * (mean >= _SHARP_MEAN)
    return unclear >= max(_MIN_LENGTH, _MIN_UNCLEAR_SHARE * total) and sharp >= _MIN_SHARP_SHARE * other


def _is_unclear(printed: Sequence["Character"], characters: Sequence["Character"]) -> bool:
    alphabetic = sum(one.text.isalpha() and not is_wide(one.text) for one in printed)
    is_of_letters = alphabetic >= max(_MIN_LETTERS, _MIN_LETTER_SHARE * len(printed))
    return is_of_letters and count_clear_letters(characters) < _MAX_CLEAR_SHARE * alphabetic


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
    written = written_columns(ink_of(crop.image))
    length = float(written.sum()) / height
    for one in characters:
        if one.probability >= _MIN_PROBABILITY and not one.text.isspace():
            written[max(0, int(one.center - REACH * height)) : int(one.center + REACH * height) + 1] = 0
    edges = np.diff(written.astype(np.int8), prepend=0, append=0)
    stretches = (np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)) / height
    return length, float(stretches[stretches >= _MIN_STRETCH].sum())
