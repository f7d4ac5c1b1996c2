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
    """The tag of that one of the languages asked for that a text is in; empty, which means unknown, if none is known.

    Of an eastern and a western language it is the eastern one if a fifth of the letters are: they say more each.
    """
    tags = [_TAGS[name.removesuffix("_vert")] for name in languages if name.removesuffix("_vert") in _TAGS]
    letters = [letter for letter in text if letter.isalpha()]
    is_eastern = sum("\u2e80" <= letter <= "\ud7ff" for letter in letters) * 5 >= max(1, len(letters))
    fitting = [tag for tag in tags if (tag in _EASTERN) == is_eastern]
    if is_eastern and not fitting:
        return "zh-Hans"  # numbers and names on a page that was asked for in English
    return (fitting or tags or [""])[0]


def marked_text(page: Page, grade: Callable[[float | None], str]) -> str:
    """The page's text as it is, with every word that is found in it marked by its confidence and findable by its id."""
    parts, at = [], 0
    for number, line in enumerate(page.lines):
        start = page.text.find(line.text, at)
        if start < 0 or not line.text:
            continue  # the text is not made of these lines; it is shown all the same
        parts += [escape(page.text[at:start]), _line(page.number, number, line, grade)]
        at = start + len(line.text)
    return "".join(parts) + escape(page.text[at:])


def _line(page: int, number: int, line: Line, grade: Callable[[float | None], str]) -> str:
    parts, at = [], 0
    for place, word in enumerate(line.words):
        start = line.text.find(word.text, at)
        if start < 0:
            continue
        known = percent(word.confidence)
        parts.append(escape(line.text[at:start]))
        parts.append(
            f'<span id="{word_id(page, number, place)}" class="{grade(word.confidence)}" title="{known}" '
            f'data-c=" {known}">{escape(word.text)}</span>'
        )
        at = start + len(word.text)
    return "".join(parts) + escape(line.text[at:])
