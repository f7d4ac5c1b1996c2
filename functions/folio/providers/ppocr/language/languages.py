"""Which languages PP-OCRv6 reads, by Tesseract's names, and which of its characters each of them has."""

from functools import cache
from typing import TYPE_CHECKING

from folio.config.options import AUTO
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.characters import Classes

_CHINESE = ("chi_sim", "chi_tra")
_LATIN = (
    *("afr", "aze", "bos", "cat", "ceb", "ces", "cym", "dan", "deu", "eng", "epo", "est", "eus", "fao", "fil", "fin"),
    *("fra", "fry", "gle", "glg", "hat", "hrv", "hun", "ind", "isl", "ita", "jav", "lat", "lav", "lit", "ltz", "mlt"),
    *("mri", "msa", "nld", "nor", "oci", "pol", "por", "que", "ron", "slk", "slv", "spa", "sqi", "srp_latn", "sun"),
    *("swa", "swe", "tur", "uzb"),
)
LANGUAGES = (*_CHINESE, "jpn", *_LATIN)
LATIN_LANGUAGES, ENGLISH, JAPANESE_LANGUAGES = _LATIN, ("eng",), ("jpn",)
_EVERY_WIDE = 16
_AZERBAIJANI = "ə"  # its capital is among those that other languages have
_LATIN_END = "\u0250"  # none below it is wide
_SIGNS = "–—‘’“”•£€§©®°™½¼¾…¢¥±×÷·«»¿¡„‚†‡№²³≤≥≈≠→"
_PLAIN = frozenset((*map(chr, range(128)), *_SIGNS))


@cache
def allowed_classes(characters: tuple[str, ...], languages: tuple[str, ...]) -> "Classes | None":
    """Return the recognizer's classes that these languages have, None if all."""
    import numpy as np

    if any(language in (AUTO, *_CHINESE) for language in languages):
        return None
    allowed = {"", *_PLAIN}
    for has in {_REPERTOIRES.get(language, _is_latin) for language in languages}:
        allowed.update(filter(has, characters))
    return np.array([index for index, text in enumerate(characters) if text in allowed])


@cache
def telling_classes(characters: tuple[str, ...]) -> "Classes":
    """Return the classes by which Latin letters are told from Chinese and Japanese: every sixteenth wide character.

    Of others on a line the network takes four in ten for one of these; a line with gaps is read with all.
    """
    import numpy as np

    wide = [index for index, text in enumerate(characters) if text and is_wide(text)]
    is_telling = np.ones(len(characters), np.bool_)
    is_telling[wide] = False
    is_telling[wide[::_EVERY_WIDE]] = True
    return np.flatnonzero(is_telling)


def has_wide(languages: tuple[str, ...]) -> bool:
    """Return whether one of the languages is Chinese or Japanese."""
    return any(language in (*_CHINESE, *JAPANESE_LANGUAGES) for language in languages)


def is_japanese(character: str) -> bool:
    """Return whether Japanese has it: unclear ones are else read as simplified ones, of which Japanese has none."""
    return bool(character.encode("cp932", "ignore"))


def _is_latin(character: str) -> bool:
    return (character < _LATIN_END or character in _AZERBAIJANI) and character.isalpha()


def _is_plain(character: str) -> bool:
    return character in _PLAIN


_REPERTOIRES = {"eng": _is_plain, "jpn": is_japanese}
