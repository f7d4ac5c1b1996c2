"""The text of a page for a web page: its words findable from their boxes, and the language it is in."""

from collections.abc import Callable, Sequence
from html import escape

from folio.models import Line, Page

# Tesseract's names -> BCP 47, which browsers choose fonts, line breaks and voices by.
_TAGS = {
    "eng": "en", "chi_sim": "zh-Hans", "chi_tra": "zh-Hant", "jpn": "ja", "kor": "ko", "fra": "fr", "deu": "de",
    "spa": "es", "ita": "it", "por": "pt", "nld": "nl", "rus": "ru", "ukr": "uk", "pol": "pl", "ces": "cs",
    "tur": "tr", "vie": "vi", "ara": "ar", "heb": "he", "ell": "el", "tha": "th", "hin": "hi",
}  # fmt: skip
_EASTERN = ("zh-Hans", "zh-Hant", "ja", "ko")


def percent(confidence: float | None) -> str:
    return "unknown" if confidence is None else f"{confidence:.0%}"


def word_id(page: int, line: int, word: int) -> str:
    return f"p{page}l{line}w{word}"


def language_of(text: str, languages: Sequence[str]) -> str:
    """Return the tag of the requested language that a text is in; empty, which means unknown, if none is known.

    Of an eastern and a western language it is the eastern one if a fifth of the letters are: each of them says more.
    """
    tags = [_TAGS[name.removesuffix("_vert")] for name in languages if name.removesuffix("_vert") in _TAGS]
    alphabetic = [char for char in text if char.isalpha()]
    is_eastern = sum("\u2e80" <= char <= "\ud7ff" for char in alphabetic) * 5 >= max(1, len(alphabetic))
    fitting = [tag for tag in tags if (tag in _EASTERN) == is_eastern]
    if is_eastern and not fitting:
        return "zh-Hans"  # numbers and names on a page that was asked for in English
    return (fitting or tags or [""])[0]


def marked_text(page: Page, grade: Callable[[float | None], str]) -> str:
    """Return the page's text with every word that is found in it marked by its confidence and linked by its id."""
    parts, offset = [], 0
    for number, line in enumerate(page.lines):
        start = page.text.find(line.text, offset)
        if start < 0 or not line.text:
            continue  # the text does not consist of these lines; it is shown nevertheless
        parts += [escape(page.text[offset:start]), _line(page.number, number, line, grade)]
        offset = start + len(line.text)
    return "".join(parts) + escape(page.text[offset:])


def _line(page: int, number: int, line: Line, grade: Callable[[float | None], str]) -> str:
    parts, offset = [], 0
    for index, word in enumerate(line.words):
        start = line.text.find(word.text, offset)
        if start < 0:
            continue
        known = percent(word.confidence)
        parts.append(escape(line.text[offset:start]))
        parts.append(
            f'<span id="{word_id(page, number, index)}" class="{grade(word.confidence)}" title="{known}" '
            f'data-c=" {known}">{escape(word.text)}</span>'
        )
        offset = start + len(word.text)
    return "".join(parts) + escape(line.text[offset:])
