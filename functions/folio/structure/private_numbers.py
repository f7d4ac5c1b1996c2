"""Numbers and addresses of persons in a text: identity numbers, bank cards, telephones, e-mail.

By their form and, where they have one, their check digit. Engines put spaces into numbers and break them at the end of
a line, so runs of digits are tried together. A number in one piece that has the form but not the check (an engine took
one digit for another) counts too, where its form says enough: the day of birth in an identity number, or a label.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from folio.config.options import Redact
from folio.structure.fields.checks import birth_date, is_card_number, is_id_number

INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")  # characters that no reader sees in a number
_GAP = r"[ \t\u00a0\u2009\n_·\-\u2010-\u2015]"
_DIGITS = re.compile(r"[0-9]+")
_BETWEEN = re.compile(rf"{_GAP}{{1,3}}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_CHECK_X = re.compile(r"[ \n]?[Xx×✕]")
_MAX_RUNS = 8  # of digits that may be one number
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")  # GB/T 2260
# Beginnings of card numbers, and how many digits these have (ISO/IEC 7812; Chinese banks' own from before it).
_CARDS: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = (
    (re.compile(r"62|81"), frozenset(range(16, 20))),
    (re.compile(r"9558|9559|60[0-35-9]"), frozenset((16, 17, 18, 19))),
    (re.compile(r"4"), frozenset((16, 19))),
    (re.compile(r"5[0-8]|2[2-7]|6[3-9]|6011"), frozenset((16, 19))),
    (re.compile(r"35"), frozenset((16,))),
    (re.compile(r"3[47]"), frozenset((15,))),
    (re.compile(r"3[0689]"), frozenset((14,))),
)
_CARD_LABEL = re.compile(
    r"(?:卡\s?号|账\s?号|帐\s?号|账\s?户|银行卡|card|account|a/c)[^0-9\n]{0,20}\n?[^0-9\n]{0,3}$", re.IGNORECASE
)
_ID_LABEL = re.compile(
    r"(?:身份证|公民身份|证件号|identity|id\s?(?:no|number|card))[^0-9\n]{0,20}\n?[^0-9\n]{0,3}$", re.IGNORECASE
)
_PHONE_LABEL = r"(?:电\s?话|手\s?机|座机|传\s?真|联系方式|\btel(?:ephone)?|\bphone|\bmobile|\bfax|\bcell)"
_AREA = r"0(?:10|2[0-9]|[3-9][0-9]{2})"
_PHONES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![0-9.,])(?:(?:\+\s?|00)86[\s-]?)?1[3-9][0-9](?:[\s-]?[0-9]{4}){2}(?![0-9]|[.,][0-9])",
        r"(?<![0-9.,-])(?:\+\s?86[\s-]?)?1[3-9][0-9]{3}[\s-][0-9]{3}[\s-][0-9]{3}(?![0-9]|[.,][0-9])",
        rf"(?<![0-9-])(?:\(\s?{_AREA}\s?\)\s?|{_AREA}-)[2-9][0-9]{{2,3}}[\s-]?[0-9]{{4}}(?:-[0-9]{{1,5}})?(?![0-9])",
        r"(?<![0-9-])[48]00-[0-9]{3}-[0-9]{4}(?![0-9-])",
        r"(?<![0-9-])[48]00-[0-9]{4}-[0-9]{3}(?![0-9-])",
        r"(?<![0-9A-Za-z])\+\s?[1-9][0-9]{0,2}[\s.-]?(?:\(0?[0-9]{1,4}\)[\s.-]?)?[0-9]{1,4}"
        r"(?:[\s.-]?[0-9]{2,4}){2,4}(?![0-9])",
        r"(?<![0-9-])(?:1[\s.-])?\([2-9][0-9]{2}\)\s?[2-9][0-9]{2}[-.\s][0-9]{4}(?![0-9])",
        r"(?<![0-9.-])(?:1[.-])?[2-9][0-9]{2}([.-])[2-9][0-9]{2}\1[0-9]{4}(?![0-9-])",
    )
)
_LABELED = re.compile(
    _PHONE_LABEL + r"[^0-9+(\n]{0,12}(\+?\(?[0-9]{1,5}\)?(?:[ -]{0,2}\(?[0-9]{3,5}\)?[0-9]{0,8}){1,4})(?![0-9])",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}\s?[@©]\s?"
    r"(?:[A-Za-z0-9-]{1,63}\s?\.\s?){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)


class Private(Struct, frozen=True, order=True):
    """Something private: its characters from `start` to before `end`, and what it is."""

    start: int
    end: int
    kind: Redact


def find_private(text: str, kinds: Sequence[Redact]) -> list[Private]:
    """Return what is private in a text, of the kinds asked for; they may share characters."""
    at = [index for index, character in enumerate(text) if character not in INVISIBLE]
    plain = _plain("".join(text[index] for index in at))
    return sorted(
        Private(at[one.start], at[one.end - 1] + 1, one.kind) for kind in kinds for one in _FINDERS[kind](plain)
    )


def _plain(text: str) -> str:
    """Return a text of the same length in which wide digits, signs and dashes are the usual ones."""
    folded = (unicodedata.normalize("NFKC", character) for character in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))


def _windows(text: str) -> Iterator[tuple[int, int, str, int]]:
    """Yield start and end of runs of digits that may be one number, the digits of these, and how many runs they are."""
    runs = [match.span() for match in _DIGITS.finditer(text)]
    for first, (start, _) in enumerate(runs):
        digits, before = "", start
        for index in range(first, min(len(runs), first + _MAX_RUNS)):
            begin, end = runs[index]
            if index > first and not _BETWEEN.fullmatch(text, before, begin):
                break
            digits += text[begin:end]
            before = end
            if len(digits) > 19:
                break
            yield start, end, digits, index - first + 1


def _longest(matches: list[Private]) -> Iterator[Private]:
    """Yield those that do not lie in a longer one."""
    for one in matches:
        if not any(other != one and other.start <= one.start and one.end <= other.end for other in matches):
            yield one


def _id_numbers(text: str) -> Iterator[Private]:
    matches = []
    for start, end, digits, runs in _windows(text):
        number, stop = digits, end
        if len(digits) == 17 and (last := _CHECK_X.match(text, end)):
            number, stop = digits + "X", last.end()
        is_one = len(number) == 18 and (_looks_like_id(number) and (runs == 1 or is_id_number(number)))
        is_named = len(number) in (15, 18) and runs == 1 and _ID_LABEL.search(text[max(0, start - 40) : start])
        if is_one or is_named:
            matches.append(Private(start, stop, "id_number"))
    yield from _longest(matches)


def _looks_like_id(number: str) -> bool:
    """Return whether a number begins with a province and has a day of birth of somebody who may live."""
    return _PROVINCES.match(number) is not None and number[6:8] in ("19", "20") and birth_date(number) is not None


def _cards(text: str) -> Iterator[Private]:
    matches = []
    for start, end, digits, runs in _windows(text):
        if len(digits) < 14 or text[start - 1 : start] in (".", ",") or re.match(r"[.,][0-9]", text[end : end + 2]):
            continue
        known = any(start_of.match(digits) and len(digits) in lengths for start_of, lengths in _CARDS)
        label = _CARD_LABEL.search(text[max(0, start - 40) : start])
        if (known and is_card_number(digits) and (runs == 1 or _grouped(text[start:end]))) or (
            label and runs <= 5 and (known or len(digits) >= 16)
        ):
            matches.append(Private(start, end, "bank_card"))
    yield from _longest(matches)


def _grouped(text: str) -> bool:
    """Return whether runs of digits are parts of one number as numbers of cards are written: in two parts, or by fours.

    The end of a line may be anywhere in it.
    """
    flat = text.replace("\n", "")
    runs, gaps = _DIGITS.findall(flat), set(re.findall(r"[^0-9]+", flat))
    inner = runs[1:-1] if len(runs) > 2 else []
    if sum(int(run) % 100 == 0 or bool(_YEAR.fullmatch(run)) for run in runs) > 1:  # a row of figures
        return False
    return len(gaps) <= 1 and all(len(run) == 4 for run in inner) and all(len(run) >= 3 for run in runs[:-1])


def _phones(text: str) -> Iterator[Private]:
    for pattern in _PHONES:
        for match in pattern.finditer(text):
            if 8 <= sum(map(str.isdigit, match[0])) <= 17:
                yield Private(match.start(), match.end(), "phone")
    for match in _LABELED.finditer(text):
        if 7 <= sum(map(str.isdigit, match[1])) <= 15:
            yield Private(match.start(1), match.end(1), "phone")


def _emails(text: str) -> Iterator[Private]:
    for match in _EMAIL.finditer(text):
        yield Private(match.start(), match.end(), "email")


_FINDERS: dict[Redact, Callable[[str], Iterator[Private]]] = {
    "id_number": _id_numbers,
    "bank_card": _cards,
    "phone": _phones,
    "email": _emails,
}
