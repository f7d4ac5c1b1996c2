"""Putting words together: spaces where a reader expects them, none between Chinese characters."""

import unicodedata
from collections.abc import Sequence

from folio.models import Word

# A gap between two Chinese words wider than this many line heights is a column's, not the setting's.
COLUMN_GAP = 1.5


def is_wide(character: str) -> bool:
    """Whether a character is set solid: Chinese, Japanese and full-width signs."""
    return unicodedata.east_asian_width(character) in "WF"


def join(words: Sequence[Word]) -> str:
    """The text of a line from its words in reading order."""
    text = ""
    for before, word in zip((None, *words), words, strict=False):
        if before is not None and text and _spaced(before, word):
            text += " "
        text += word.text
    return text


def _spaced(before: Word, word: Word) -> bool:
    if not (is_wide(before.text[-1]) and is_wide(word.text[0])):
        return True
    (_, top), (right, _), _, (_, bottom) = before.polygon
    return word.polygon[0][0] - right > COLUMN_GAP * abs(bottom - top)
