"""What the cells of a table are for a spreadsheet: numbers, texts, and texts that must not become formulas."""

import re
from collections.abc import Iterable

from msgspec import Struct

_MAX_DIGITS = 15  # that a spreadsheet's number holds; a longer one is somebody's, or something's, number


def _pattern(point: str, group: str) -> re.Pattern[str]:
    whole = rf"\d{{1,3}}(?P<group>[{group}'\u00a0\u202f\x20])\d{{3}}(?:(?P=group)\d{{3}})*|\d+"
    money = "[$\u20ac\u00a3\u00a5\uffe5]"
    return re.compile(
        rf"(?P<ahead>{money}(?=[(\-\u2212\u2013]))?(?P<open>\()?(?P<sign>[+\-\u2212\u2013])?\s?(?P<money>{money})?\s?(?P<whole>{whole})?"
        rf"(?:{point}(?P<part>\d+))?\s?(?P<percent>[%\uff05])?(?P<close>\))?"
    )


_POINT, _COMMA = _pattern(r"\.", ","), _pattern(",", ".")
# By which a spreadsheet takes a text for a formula, those of full width too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class Number(Struct, frozen=True):
    """A number and how a spreadsheet shows it as it was printed."""

    value: float
    format: str


def number(text: str, *, comma: bool = False) -> Number | None:
    """Return the number that a cell holds; None where that is not sure.

    `comma`: the table's decimal sign is a comma. Percent are hundredths, brackets make it negative. Dates, and numbers
    with leading zeros or more than 15 digits, are texts.
    """
    match = (_COMMA if comma else _POINT).fullmatch(text.strip())
    if match is None or bool(match["open"]) != bool(match["close"]) or (match["open"] and match["sign"]):
        return None
    if match["ahead"] and match["money"]:
        return None
    digits, part = re.sub(r"\D", "", match["whole"] or ""), match["part"] or ""
    if not digits + part or len(digits + part) > _MAX_DIGITS or (len(digits) > 1 and digits[0] == "0"):
        return None
    return _made(digits, part, match)


def _made(digits: str, part: str, match: re.Match[str]) -> Number:
    value = float(f"{digits or 0}.{part or 0}")
    shown = ("#,##0" if match["group"] else "0") + (f".{'0' * len(part)}" if part else "")
    if match["percent"]:
        value = float(f"{digits or 0}.{part or 0}e-2")
        shown += "%"
    if money := match["money"] or match["ahead"]:
        shown = f'"{money}"{shown}'
    if match["open"]:
        shown = f"{shown};({shown})"
    is_negative = bool(match["open"]) or (match["sign"] or "+") != "+"
    return Number(-value if is_negative else value, shown)


def decimal_comma(texts: Iterable[str]) -> bool:
    """Return whether a table's numbers have commas before their decimals: some surely do, and none has a point."""
    plain = [text.strip() for text in texts]
    return any(_has_decimals(_COMMA, text) for text in plain) and not any(_has_decimals(_POINT, text) for text in plain)


def _has_decimals(pattern: re.Pattern[str], text: str) -> bool:
    match = pattern.fullmatch(text)
    if match is None or not match["part"]:
        return False
    return len(match["part"]) != 3 or bool(match["group"]) or match["whole"] == "0"


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet may take a text for a formula; a number is none."""
    begins = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return begins and number(text) is None and number(text, comma=True) is None
