"""Which languages PP-OCRv6 reads, by Tesseract's names, and which of its characters each of them has."""

from functools import cache
from typing import TYPE_CHECKING

from folio.config.options import AUTO
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    from folio.providers.ppocr.recognition import Classes

_WIDE = ("chi_sim", "chi_tra", "jpn")
_LATIN = (
    *("afr", "aze", "bos", "cat", "ceb", "ces", "cym", "dan", "deu", "eng", "epo", "est", "eus", "fao", "fil", "fin"),
    *("fra", "fry", "gle", "glg", "hat", "hrv", "hun", "ind", "isl", "ita", "jav", "lat", "lav", "lit", "ltz", "mlt"),
    *("mri", "msa", "nld", "nor", "oci", "pol", "por", "que", "ron", "slk", "slv", "spa", "sqi", "srp_latn", "sun"),
    *("swa", "swe", "tur", "uzb"),
)
LANGUAGES = (*_WIDE, *_LATIN)
LATIN_LANGUAGES, ENGLISH = _LATIN, ("eng",)
_SIGNS = "–—‘’“”•£€§©®°™½¼¾…¢¥±×÷·«»¿¡„‚†‡№²³"


@cache
def allowed_classes(characters: tuple[str, ...], languages: tuple[str, ...]) -> "Classes | None":
    """Return the recognizer's classes that these languages have, None if all."""
    import numpy as np

    if any(language in (AUTO, *_WIDE) for language in languages):
        return None
    plain = all(language == "eng" for language in languages)
    allowed = [index for index, text in enumerate(characters) if not text or _is_allowed(text, plain=plain)]
    return np.array(allowed)


def _is_allowed(text: str, *, plain: bool) -> bool:
    if text.isascii() or text in _SIGNS:
        return True
    return not plain and text.isalpha() and not is_wide(text) and ord(text) < 0x250
