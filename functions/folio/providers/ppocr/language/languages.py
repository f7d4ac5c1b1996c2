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
_SIGNS = "–—‘’“”•£€§©®°™½¼¾…¢¥±×÷·«»¿¡„‚†‡№²³≤≥≈≠→"


@cache
def allowed_classes(characters: tuple[str, ...], languages: tuple[str, ...]) -> "Classes | None":
    """Return the recognizer's classes that these languages have, None if all."""
    import numpy as np

    if any(language in (AUTO, *_CHINESE) for language in languages):
        return None
    repertoires = {_REPERTOIRES.get(language, _is_latin) for language in languages}
    allowed = [
        index
        for index, text in enumerate(characters)
        if not text or any(has(text) for has in (_is_plain, *repertoires))
    ]
    return np.array(allowed)


@cache
def telling_classes(characters: tuple[str, ...]) -> "Classes":
    """Return the classes by which Latin letters are told from Chinese and Japanese: every sixteenth wide character.

    Of others on a line the network takes four in ten for one of these; a line with gaps is read with all.
    """
    import numpy as np

    wide = [index for index, text in enumerate(characters) if text and is_wide(text)]
    return np.setdiff1d(np.arange(len(characters)), np.setdiff1d(wide, wide[::_EVERY_WIDE]))


def has_wide(languages: tuple[str, ...]) -> bool:
    """Return whether one of the languages is Chinese or Japanese."""
    return any(language in (*_CHINESE, *JAPANESE_LANGUAGES) for language in languages)


def _is_plain(text: str) -> bool:
    return text.isascii() or text in _SIGNS


def _is_latin(text: str) -> bool:
    return text.isalpha() and not is_wide(text) and (ord(text) < 0x250 or text in _AZERBAIJANI)


def is_japanese(text: str) -> bool:
    """Return whether Japanese has a character: unclear ones are else read as simplified ones, of which it has none."""
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


_REPERTOIRES = {"eng": _is_plain, "jpn": is_japanese}
