"""Labels of lists that Word counts itself: they are on the page, and not in the text (ECMA-376-1, 17.9)."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.formats.xml import attribute, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DIGITS = "〇一二三四五六七八九"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_CHINESE = ("chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCounting")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_MAX_LEVELS = 9


class _Level(Struct):
    form: str = "decimal"
    pattern: str = ""
    start: int = 1


class Numbering:
    """The lists of a document, counted as its paragraphs come."""

    def __init__(self, roots: Sequence["Element"]) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for root in roots:
            for element in root:
                if local(element) == "abstractNum":
                    levels = (one for one in element if local(one) == "lvl")
                    self._abstract[attribute(element, "abstractNumId")] = dict(map(_level, levels))
                elif local(element) == "num":
                    matched = next((one for one in element if local(one) == "abstractNumId"), None)
                    if matched is not None:
                        self._lists[attribute(element, "numId")] = attribute(matched, "val")

    def label(self, number: str, level: int) -> str:
        """Count a paragraph of a list, and return what stands before it; empty if nothing does."""
        abstract = self._lists.get(number)
        levels = self._abstract.get(abstract or "")
        if abstract is None or not levels or not 0 <= level < _MAX_LEVELS:
            return ""
        counts = self._counts.setdefault(abstract, {})
        current = levels.get(level, _Level())
        counts[level] = counts.get(level, current.start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if current.form == "bullet":
            return "•"
        if current.form == "none":
            return ""

        def counted(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            of = levels.get(index, _Level())
            return formatted(counts.get(index, of.start), of.form)

        return re.sub(r"%([1-9])", counted, current.pattern)


def _level(element: "Element") -> tuple[int, _Level]:
    values = {local(one): attribute(one, "val") for one in element}
    index, start = attribute(element, "ilvl"), values.get("start", "1")
    number = int(start) if start.isdigit() else 1
    return int(index) if index.isdigit() else 0, _Level(
        values.get("numFmt", "decimal"), values.get("lvlText", ""), number
    )


def formatted(value: int, form: str) -> str:
    """Return a number in one of Word's forms; those that are not known are decimal."""
    if form in ("lowerLetter", "upperLetter") and value > 0:
        characters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return characters.upper() if form == "upperLetter" else characters
    if form in ("lowerRoman", "upperRoman") and 0 < value < 4000:
        return _roman(value).upper() if form == "upperRoman" else _roman(value)
    if form in _CHINESE and 0 < value < 1000:
        return _chinese(value)
    if form == "ideographTraditional" and 0 < value <= len(_STEMS):
        return _STEMS[value - 1]
    if form == "decimalEnclosedCircle" and 0 < value <= 20:
        return chr(0x2460 + value - 1)
    return f"{value:02}" if form == "decimalZero" else str(value)


def _roman(value: int) -> str:
    text = ""
    for worth, characters in _ROMAN:
        text += characters * (value // worth)
        value %= worth
    return text


def _chinese(value: int) -> str:
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")
