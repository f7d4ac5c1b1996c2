"""Whether a page in Latin letters has some that PP-OCR does not know, and of which language they seem to be.

Told by places where a letter is missing, whatever the language, and by the words of languages whose letters are read as
others.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from folio.models import PageText, UnknownLetters
from folio.providers.ppocr.language.partly_read import find_partly_read
from folio.providers.ppocr.page.missing_letters import gaps
from folio.providers.ppocr.page.silent import has_unread_writing
from folio.providers.scripts import LATIN

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.characters import Character
    from folio.providers.ppocr.text.crop import Crop

# Of all places between two letters of a page those in which one is missing: drawn pages in Vietnamese, Yoruba, Igbo and
# romanized Sanskrit have 0.035 to 0.15, public pages in English, noisy ones among them, 0.014 at most.
_MIN_SHARE, _MIN_MISSING = 0.025, 10
# The same of a line, and how many places all such lines have, of a page with some lines in such a language.
_MIN_LINE_SHARE, _MIN_LINE_MISSING, _MIN_LINES, _MIN_PLACES = 0.08, 3, 3, 80
# Where words tell the language: letters with accents or places without a letter, of all. What is written in plain
# letters has none, and is read well.
_MIN_TRACES = 0.01


def with_unread(text: PageText, script: str | None, lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> PageText:
    """Return a page's text with its script, None if its language was said, and whether some of it was not read."""
    unknown = find_unknown_letters(lines) if script == LATIN else None
    is_whole = not (unknown or (script and has_unread_writing(lines)))
    return replace(text, script=script, is_whole=is_whole, unknown_letters=unknown)


def find_unknown_letters(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> UnknownLetters | None:
    """Return what tells that letters of a page are not known; None if nothing does."""
    every = gaps(lines)
    total, missing = sum(one.count for one in every), sum(one.missing for one in every)
    is_most = missing >= max(_MIN_MISSING, _MIN_SHARE * total)
    texts = ["".join(one.text for one in characters) for _, characters in lines]
    if likeness := find_partly_read(texts):
        language = likeness.language
        if language.is_traceless or _accents(texts) + missing >= _MIN_TRACES * max(total, 1):
            return UnknownLetters(language.code, language.name, likeness.is_most)
    doubtful = [one.count for one in every if one.missing >= max(_MIN_LINE_MISSING, _MIN_LINE_SHARE * one.count)]
    if is_most or (len(doubtful) >= _MIN_LINES and sum(doubtful) >= _MIN_PLACES):
        return UnknownLetters(None, None, is_most)
    return None


def _accents(texts: Sequence[str]) -> int:
    """Return how many letters are no plain ones."""
    return sum(one.isalpha() for text in texts if not text.isascii() for one in text if not one.isascii())
