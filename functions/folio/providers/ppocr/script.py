"""The script of a page, told by what PP-OCR reads of some of its lines.

Of characters that it was not trained on it says none, or little with confidence: lines of writing with next to nothing
in them are in a script that it does not read.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from folio.errors import UnreadableScript
from folio.providers.ppocr.languages import is_japanese
from folio.providers.scripts import CHINESE, JAPANESE, LATIN, likely_scripts
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    from folio.providers.ppocr.recognition import Character, Crop

LONGEST, SPREAD = 5, 7  # lines that are looked at: so many of the longest, and so many spread over the page

_SURE_PROBABILITY = 0.8
# Characters that PP-OCR is sure of, in each stretch of a line that is as long as the line is high, and their share of
# all that it says. Measured: drawn pages and photographs in Latin letters, Chinese and Japanese 1.1 and more, and 0.8;
# Korean, among whose words stand numbers, 0.41 at most; Arabic, Cyrillic, Devanagari, Hebrew 0.1; Thai 1.0 and 0.4.
_MIN_DENSITY, _MIN_SHARE = 0.5, 0.5
# Of a line that is read; and of the page's lines how many are, at most, if it is not.
_READ_DENSITY, _READ_SHARE, _MAX_READ = 0.8, 0.7, 0.3
_MIN_RATIO = 3.0  # of length to height, of a line that tells something
_MIN_LENGTH = 20.0  # in heights, of all such lines: less is a stamp or a page number
_MIN_WIDE = 2  # characters that make a page Chinese or Japanese
# Letters of a page: English has none with an accent but in names, German 15 in a thousand, Italian 8. A clear one is
# hardly ever none.
_MIN_PLAIN, _MAX_ACCENTS, _CLEAR_ACCENT = 200, 0.002, 0.95
_MIN_GREEK_SHARE = 0.5  # of the letters; some of them stand in formulas
_KANA = ("\u3041", "\u30fa")
# Of the clear wide characters of a page in Japanese alone: the least that are kana, half of a newspaper's; and the most
# that Japanese does not have.
_MIN_KANA_SHARE, _MAX_CHINESE_SHARE, _CLEAR_WIDE = 0.15, 0.02, 0.95


def find_script(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> str:
    """Return ISO 15924's code of the script of lines and what was read of each, of all characters.

    Raises UnreadableScript if PP-OCR does not read it.
    """
    sure = [one.text for _, characters in lines for one in characters if _is_sure(one)]
    alphabetic = [text for text in sure if text.isalpha()]
    greek = sum("\u0370" <= text <= "\u03ff" for text in alphabetic)
    if _is_unread(lines) or greek > _MIN_GREEK_SHARE * max(len(alphabetic), 1):
        raise UnreadableScript(f"PP-OCR does not read the script of this page; it may be {likely_scripts()}.")
    wide = [text for text in alphabetic if is_wide(text)]
    if len(wide) < _MIN_WIDE:
        return LATIN
    return JAPANESE if any(_KANA[0] <= text <= _KANA[1] for text in wide) else CHINESE


def is_japanese_alone(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> bool:
    """Return whether nothing of the lines of a page with kana is Chinese."""
    clear = [
        one.text
        for _, characters in lines
        for one in characters
        if one.probability >= _CLEAR_WIDE and one.text.isalpha() and is_wide(one.text)
    ]
    kana = sum(_KANA[0] <= text <= _KANA[1] for text in clear)
    chinese = sum(not is_japanese(text) for text in clear)
    return kana >= _MIN_KANA_SHARE * max(len(clear), 1) and chinese <= _MAX_CHINESE_SHARE * len(clear)


def is_plain(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> bool:
    """Return whether Latin letters are those of a language without accents: many, and next to none has a clear one."""
    alphabetic = [one for _, characters in lines for one in characters if _is_sure(one) and one.text.isalpha()]
    accents = sum(not one.text.isascii() and one.probability >= _CLEAR_ACCENT for one in alphabetic)
    return len(alphabetic) >= _MIN_PLAIN and accents <= _MAX_ACCENTS * len(alphabetic)


def has_doubtful_accent(characters: Sequence["Character"]) -> bool:
    """Return whether one of a line's letters has an accent that is not clear, and the line is not Chinese."""
    foreign = [one for one in characters if one.text.isalpha() and not one.text.isascii()]
    is_chinese = sum(is_wide(one.text) for one in foreign) >= _MIN_WIDE
    return not is_chinese and any(one.probability < _CLEAR_ACCENT for one in foreign)


def _is_unread(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> bool:
    """Return whether lines hold little of what stands on them."""
    total = read = 0.0
    sure = every = 0
    for crop, characters in lines:
        if crop.image.shape[1] < _MIN_RATIO * crop.image.shape[0]:
            continue
        length = _ink_ratio(crop)
        count = sum(map(_is_sure, characters))
        printed = sum(not one.text.isspace() for one in characters)
        total, sure, every = total + length, sure + count, every + printed
        if count >= _READ_DENSITY * length and count >= _READ_SHARE * printed:
            read += length
    if total < _MIN_LENGTH or read >= _MAX_READ * total:
        return False
    return sure < _MIN_DENSITY * total or sure < _MIN_SHARE * every


def _is_sure(character: "Character") -> bool:
    return character.probability >= _SURE_PROBABILITY and not character.text.isspace()


def _ink_ratio(crop: "Crop") -> float:
    """Return how long the writing in a line is without wide gaps, in heights of the line."""
    import cv2
    import numpy as np

    height = crop.image.shape[0]
    _, ink = cv2.threshold(crop.image, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    if ink.mean() > 0.5:
        ink = 1 - ink
    columns = (ink.sum(0) > 1).astype(np.uint8)[None]
    gap = np.ones((1, height // 2 * 2 + 1), np.uint8)
    return float(cv2.morphologyEx(columns, cv2.MORPH_CLOSE, gap).sum() / height)
