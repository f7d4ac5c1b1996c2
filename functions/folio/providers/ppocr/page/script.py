"""The script of a page, told by what PP-OCR reads of some of its lines.

Of characters that it was not trained on it says none, or little with confidence: lines of writing with next to nothing
in them are in a script that it does not read.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey
from folio.errors import BlurredWriting, UnreadableScript
from folio.providers.ppocr.language.languages import ENGLISH, LATIN_LANGUAGES, is_japanese
from folio.providers.ppocr.language.lexicon import find_language, lexicon
from folio.providers.ppocr.language.ngrams import Ngrams, ngrams
from folio.providers.ppocr.onnx.characters import mean_probability
from folio.providers.ppocr.page.blur import is_blurred
from folio.providers.ppocr.text.ink import ink_of
from folio.providers.scripts import CHINESE, JAPANESE, LATIN, likely_scripts
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.onnx.characters import Character
    from folio.providers.ppocr.text.crop import Crop

    type Columns = NDArray[np.uint8]

LONGEST, SPREAD = 5, 7  # lines that are looked at: so many of the longest, and so many spread over the page

_SURE_PROBABILITY = 0.8
# Of a clear word's letters, the least sure one and their mean: of other scripts single letters are said surely now and
# then, but hardly ever all of a word's.
_LEAST_OF_WORD, _MEAN_OF_WORD = 0.5, 0.8
# Letters of clear words in each stretch of a line that is as long as the line is high, digits left out, for these are
# the same in most scripts; and their share of all letters that are said, of a page in Latin letters and of one in
# wide characters, each of which is judged alone.
_MIN_DENSITY, _MIN_SHARE, _MIN_WIDE_SHARE = 0.5, 0.6, 0.45
_MOSTLY = 0.5
# Of a line that is read; and of the page's lines how many are, at most, if it is not.
_READ_DENSITY, _READ_SHARE, _MAX_READ = 0.8, 0.7, 0.3
# Of a sign that is one; letters of other scripts are taken for points and commas. And the height of ink, in heights of
# the line, that is no writing.
_CLEAR_SIGN, _LOW_SIGNS, _FLAT = 0.9, frozenset(" .,'`:;|"), 0.35
_MIN_FIGURES, _MEAN_OF_FIGURES = 0.8, 0.8  # digits and signs in a height of what is written, of a line of them
_MIN_ROW, _SAME = 5, 0.8  # times that a sign is repeated in a row of it, and its part of what is said
# Signs of a line of them, such as arrows, ticks and formulas: at least, in a height of what is written, their part of
# what is said if letters are among them, and the mean probability then. Of other scripts next to none are said.
_MIN_SIGNS, _SIGN_DENSITY, _SIGN_SHARE, _MEAN_WITH_SIGNS = 3, 0.25, 0.5, 0.55
# Letters of a word that is not said by chance, and how many such words lines have that are smudged.
_LONG, _MIN_WORDS, _LETTERS = 5, 4, re.compile(r"[^\W\d_]+")
_EMPTY_BOXES = frozenset("口囗")  # as which boxes to tick are read
_MIN_RATIO = 3.0  # of length to height, of a line that tells something
_MIN_LENGTH = 20.0  # in heights, of all such lines: less is a stamp or a page number
_MIN_WIDE = 2  # different characters that make a page Chinese or Japanese, and a line of one in Latin letters
# Letters of a page: English has none with an accent but in names, German 15 in a thousand, Italian 8. A clear one is
# hardly ever none.
_MIN_PLAIN, _MAX_ACCENTS, _CLEAR_ACCENT = 200, 0.002, 0.95
_MIN_GREEK, _MIN_GREEK_SHARE = 12, 0.5  # letters, and their share of all; some of them stand in formulas
# Rows of stars and dashes on a page in Latin letters are read as 东东东 and 一一本.
_FOREIGN_CONFIDENCE, _DASHES = 0.9, frozenset("一ー")
_KANA = ("\u3041", "\u30fa")
# Of the clear wide characters of a page in Japanese alone: the least that are kana, half of a newspaper's; and the most
# that Japanese does not have.
_MIN_KANA_SHARE, _MAX_CHINESE_SHARE, _CLEAR_WIDE = 0.15, 0.02, 0.95
# Of those of a page in Chinese, such as texts in simplified characters do not have: how many different ones, and their
# share. Drawn pages in traditional characters have 0.18, lists of rare names 0.006, public pages in simplified none.
_MIN_TRADITIONAL, _MIN_TRADITIONAL_SHARE = 2, 0.05


def find_script(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> str:
    """Return ISO 15924's code of the script of lines and what was read of each, of all characters.

    Raises UnreadableScript if PP-OCR does not read it, BlurredWriting if nobody could.
    """
    sure = [one.text for _, characters in lines for one in characters if _is_sure(one)]
    alphabetic = [text for text in sure if text.isalpha()]
    greek = sum("\u0370" <= text <= "\u03ff" for text in alphabetic)
    is_unread = _is_unread(lines)
    if is_unread and is_blurred([crop for crop, _ in lines]):
        raise BlurredWriting("The writing on this page is too blurred to be read.")
    if is_unread or (greek >= _MIN_GREEK and greek > _MIN_GREEK_SHARE * len(alphabetic)):
        raise UnreadableScript(f"PP-OCR does not read the script of this page; it may be {likely_scripts()}.")
    wide = [text for text in alphabetic if is_wide(text)]
    if len(set(wide) - _DASHES) < _MIN_WIDE:
        return LATIN
    return JAPANESE if any(_KANA[0] <= text <= _KANA[1] for text in wide) else CHINESE


def is_japanese_alone(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> bool:
    """Return whether nothing of the lines of a page with kana is Chinese."""
    clear = [one.text for _, characters in lines for one in characters if _is_clear_wide(one)]
    chinese = sum(not is_japanese(text) for text in clear)
    return _has_kana(clear) and chinese <= _MAX_CHINESE_SHARE * len(clear)


def find_ngrams(lines: Iterable[Sequence["Character"]]) -> Ngrams:
    """Return which characters follow each other in the language of a page in Chinese or Japanese."""
    clear = [one.text for line in lines for one in line if _is_clear_wide(one)]
    if _has_kana(clear):
        return ngrams("japanese")
    chinese = ngrams("chinese")
    other = [text for text in clear if not chinese.has(text)]
    is_traditional = len(set(other)) >= _MIN_TRADITIONAL and len(other) >= _MIN_TRADITIONAL_SHARE * len(clear)
    return ngrams("traditional") if is_traditional else chinese


def _has_kana(clear: Sequence[str]) -> bool:
    return sum(_KANA[0] <= text <= _KANA[1] for text in clear) >= _MIN_KANA_SHARE * max(len(clear), 1)


def _is_clear_wide(one: "Character") -> bool:
    return one.probability >= _CLEAR_WIDE and one.text.isalpha() and is_wide(one.text)


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


def has_clear_wide(characters: Sequence["Character"]) -> bool:
    """Return whether a line has wide characters, one of them clear and the others hardly less."""
    wide = [one for one in characters if one.text.isalpha() and is_wide(one.text)]
    is_clear = any(_is_clear_wide(one) and one.text not in _DASHES for one in wide)
    return is_clear and sum(one.probability for one in wide) >= _SURE_PROBABILITY * len(wide)


def is_pattern(characters: Sequence["Character"]) -> bool:
    """Return whether the wide characters of a line, if any, are rather stars and dashes of a page in Latin letters."""
    wide = [one for one in characters if one.text.isalpha() and is_wide(one.text)]
    if not wide:
        return False
    is_clear = sum(one.probability for one in wide) >= _FOREIGN_CONFIDENCE * len(wide)
    return not is_clear or len({one.text for one in wide} - _DASHES) < _MIN_WIDE


def _is_unread(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> bool:
    """Return whether lines hold little of what stands on them."""
    total = read = 0.0
    clear = every = wide = 0
    unclear: list[str] = []
    for crop, characters in lines:
        is_short = crop.image.shape[1] < _MIN_RATIO * crop.image.shape[0]
        if is_short or _is_of_figures(crop, characters) or _is_of_signs(crop, characters):
            continue
        length = _ink_ratio(crop, [one for one in characters if one.text.isdigit() or _is_clear_sign(one)])
        count = count_clear_letters(characters)
        alphabetic = [one.text for one in characters if one.text.isalpha()]
        total, clear, every = total + length, clear + count, every + len(alphabetic)
        wide += sum(map(is_wide, alphabetic))
        if count >= _READ_DENSITY * length and count >= _READ_SHARE * len(alphabetic):
            read += length
        else:
            unclear.append("".join(one.text for one in characters))
    if total < _MIN_LENGTH or read >= _MAX_READ * total:
        return False
    least = (_MIN_WIDE_SHARE if wide > _MOSTLY * every else _MIN_SHARE) * every
    return (clear < _MIN_DENSITY * total or clear < least) and not _are_smudged(unclear)


def _are_smudged(lines: Sequence[str]) -> bool:
    """Return whether lines that are not clear have words in Latin letters all the same: of other scripts none do.

    Of 18 pages in Korean, Arabic, Hebrew, Greek and Cyrillic, five of them with an English paragraph, none is told so.
    """
    words = _LETTERS.findall(" ".join(lines).casefold())
    known = lexicon(find_language(words, LATIN_LANGUAGES) or ENGLISH[0])
    return known is not None and sum(map(known.is_common, {word for word in words if len(word) >= _LONG})) >= _MIN_WORDS


def _is_clear_sign(one: "Character") -> bool:
    return one.probability >= _CLEAR_SIGN and not one.text.isalnum() and one.text not in _LOW_SIGNS


def _is_of_figures(crop: "Crop", characters: Sequence["Character"]) -> bool:
    """Return whether a line is digits and signs, as the cipher of an invoice or a row of stars: it has no letters."""
    figures = [one for one in characters if one.text not in _LOW_SIGNS]
    if any(one.text.isalpha() for one in figures):
        return False
    often = Counter(one.text for one in figures if not one.text.isdigit()).most_common(1)
    if often and often[0][1] >= max(_MIN_ROW, _SAME * len(figures)):
        return True
    return mean_probability(figures) >= _MEAN_OF_FIGURES and len(figures) >= _MIN_FIGURES * _ink_ratio(crop, ())


def _is_of_signs(crop: "Crop", characters: Sequence["Character"]) -> bool:
    """Return whether a line is signs, perhaps with some letters or digits among them."""
    printed = [one for one in characters if one.text not in _LOW_SIGNS]
    signs = sum(not one.text.isalnum() or one.text in _EMPTY_BOXES for one in printed)
    if signs < _MIN_SIGNS or signs < _SIGN_DENSITY * _ink_ratio(crop, ()):
        return False
    is_mixed = signs >= _SIGN_SHARE * len(printed) and mean_probability(printed) >= _MEAN_WITH_SIGNS
    return is_mixed or signs == len(printed)


def count_clear_letters(characters: Sequence["Character"]) -> int:
    """Return how many letters of a line stand in words that are clear as a whole."""
    return sum(map(_count_clear, _words(characters)))


def _words(characters: Sequence["Character"]) -> Iterator[list["Character"]]:
    """Yield what stands between blanks; a wide character is a word of its own."""
    word: list[Character] = []
    for one in characters:
        if not one.text.isspace() and not is_wide(one.text):
            word.append(one)
            continue
        yield word
        yield [one]
        word = []
    yield word


def _count_clear(word: Sequence["Character"]) -> int:
    """Return how many letters a word has if it is clear, else 0."""
    probabilities = [one.probability for one in word if one.text.isalpha()]
    if len(probabilities) < 2:  # one tells nothing of others
        return sum(probability >= _SURE_PROBABILITY for probability in probabilities)
    is_clear = min(probabilities) >= _LEAST_OF_WORD and sum(probabilities) >= _MEAN_OF_WORD * len(probabilities)
    return len(probabilities) if is_clear else 0


def _is_sure(character: "Character") -> bool:
    return character.probability >= _SURE_PROBABILITY and not character.text.isspace()


def _ink_ratio(crop: "Crop", others: Sequence["Character"]) -> float:
    """Return how long the writing in a line is without wide gaps, rows of dots or dashes, and other characters."""
    ink = ink_of(crop.image)
    written = written_columns(ink)
    written[_is_flat(ink)] = 0
    for one in others:
        written[int(one.left) : math.ceil(one.right) + 1] = 0
    return float(written.sum() / crop.image.shape[0])


def _is_flat(ink: Grey) -> "Columns":
    """Return for each column of a line's ink whether all of it around there is as low as dots, dashes and rules are."""
    import cv2
    import numpy as np

    height = ink.shape[0]
    down = np.arange(1, height + 1, dtype=np.uint16)[:, None]
    top = (height - (ink * down[::-1]).max(0)).astype(np.float32)[None]  # argmax takes ten times as long
    bottom = (ink * down).max(0).astype(np.float32)[None]
    around = np.ones((1, height // 2 * 2 + 1), np.uint8)
    flat: Columns = (cv2.dilate(bottom, around) - cv2.erode(top, around))[0] < _FLAT * height
    return flat


def written_columns(ink: Grey) -> "Columns":
    """Return 1 for each column of a line's ink in which something is written, and between letters, else 0."""
    import cv2
    import numpy as np

    height = ink.shape[0]
    columns = (ink.sum(0) > 1).astype(np.uint8)[None]
    gap = np.ones((1, height // 2 * 2 + 1), np.uint8)
    written: Columns = cv2.morphologyEx(columns, cv2.MORPH_CLOSE, gap)[0].astype(np.uint8, copy=False)
    return written
