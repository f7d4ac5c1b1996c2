"""Putting words together: spaces where a reader expects them, none between Chinese characters."""

import unicodedata
from collections.abc import Sequence

from folio.models import Word

# In line heights. Engines part Chinese from Latin where the page does not: only a gap that can be seen is a space.
WORD_GAP = 0.4
# A gap between two Chinese words wider than this is a column's, not the setting's.
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
    wide = is_wide(before.text[-1]) + is_wide(word.text[0])
    if not wide:
        return True
    # The taller of the two: a comma is no measure of a line.
    height = max(abs(one.polygon[3][1] - one.polygon[0][1]) for one in (before, word))
    gap = word.polygon[0][0] - before.polygon[1][0]
    return gap > height * (COLUMN_GAP if wide == 2 else WORD_GAP)
