"""The characters of a text layer as one types them: ligatures resolved, accents composed, nothing without a shape."""

import re
import unicodedata
from collections.abc import Iterable

# Other code points for the same characters: Latin ligatures, and radicals, to which some fonts map Chinese characters.
_FORMS = (range(0xFB00, 0xFB07), range(0x2E80, 0x2FE0))
_JOINERS = "\u200c\u200d"  # the only invisible characters that make a difference to what is read
SOFT_HYPHEN = "\u00ad"
_WITHIN = re.compile("(?<=[^\\W\\d_])\u00ad(?=[^\\W\\d_])")
# Where no word can be parted: then the font's hyphen is named so, and all of them are hyphens.
_HYPHEN = re.compile("(?:^|[\\W\\d_])\u00ad|\u00ad[\\W\\d_A-Z]")


def normalize_word(text: str) -> str:
    """Return a word in plain characters, composed (NFC); soft hyphens stay until it is known what they are.

    What poppler takes for one word has no gaps: spaces in it are those that a font's map adds to a character.
    """
    if text.isascii():
        return "".join(text.split()) if " " in text else text
    characters = (
        unicodedata.normalize("NFKC", char) if _is_form(char) else char
        for char in text
        if char == SOFT_HYPHEN or char in _JOINERS or unicodedata.category(char) not in ("Cf", "Zs")
    )
    return unicodedata.normalize("NFC", "".join(characters))


def _is_form(char: str) -> bool:
    return any(ord(char) in form for form in _FORMS)


def are_hyphens(texts: Iterable[str]) -> bool:
    """Return whether the soft hyphens of a page's words are its ordinary hyphens: some programs name them so."""
    return any(_HYPHEN.search(text) for text in texts if SOFT_HYPHEN in text)


def without_soft_hyphens(text: str, *, are_hyphens: bool) -> str:
    """Return a word without soft hyphens: none within it, a hyphen where a line parts it, or hyphens everywhere."""
    if SOFT_HYPHEN not in text:
        return text
    return (text if are_hyphens else _WITHIN.sub("", text)).replace(SOFT_HYPHEN, "-")
