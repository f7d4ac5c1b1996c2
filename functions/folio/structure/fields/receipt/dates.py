"""The day of a receipt or an invoice."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache

from folio.structure.fields.labels import Found
from folio.structure.fields.receipt.sums import label_of
from folio.structure.fields.receipt.words import Words, capitals
from folio.structure.fields.rows import Row

_SEP = r"\s?[-/.]\s?"
_BEFORE = r"(?:(?<![\dA-Z/-])|(?<=DATE)|(?<=DATUM)|(?<=DATA)|(?<=FECHA))"  # its label may touch it
_AFTER = r"(?:(?=\d\d:\d\d)|(?![\d/]))"  # a time of day may touch it
# Where the day is written before the month, by currency, taxes and kinds of companies; and where after it.
_DAY_FIRST = (
    r"\b(?:RM|MYR|SGD|ABN|GBP|EUR)\s?\d|\b(?:GST|VAT|SST|ABN|SDN|BHD|PTE|LTD|PLC|GMBH|TVA|MWST)\b|[£€]"
    r"|\+(?:60|65|44|61|64|91|353)\b"
)
_MONTH_FIRST = r"\bSALES TAX\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b|\bLLC\b|\(\d{3}\) ?\d{3}-\d{4}"


@cache
def day_pattern(months: tuple[str, ...]) -> str:
    """Return a pattern of a day, in figures or with one of the months, in capitals."""
    month = rf"(?:{'|'.join(months)})[A-ZÀ-Ü]*"
    return (
        rf"(?:\d{{1,2}}{_SEP}\d{{1,2}}{_SEP}(?:20)?\d{{2}}|20\d{{2}}{_SEP}\d{{1,2}}{_SEP}\d{{1,2}}"
        rf"|\d{{1,2}}[\s/.-]*{month}[\s/.,'-]*(?:20)?\d{{2}}|{month}\.?\s?\d{{1,2}},?\s?20\d{{2}})"
    )


def find_date(rows: Sequence[Row], words: Words) -> Iterator[Found]:
    """Find the day: where the word stands before it, or else the time of day beside it; a day until when comes last."""
    spans = []
    for row in rows:
        upper = capitals(row.text)
        for match in re.finditer(rf"{_BEFORE}{day_pattern(words.months)}{_AFTER}", upper):
            before, after = upper[: match.start()], row.text[match.end() :]
            named = re.search(words.date, before)
            rank = (
                bool(re.search(r"DUE|EXP|UNTIL|VALID", before)),
                not named,
                not re.match(r".{0,9}\d:\d\d", after),
            )
            spans.append((rank, row.span(*match.span()), label_of(row, *named.span()) if named else ""))
    text = "\n".join(row.text for row in rows).upper()
    for _, span, label in sorted(spans, key=lambda one: one[0])[:1]:
        yield Found("invoice_date", label, (span,), form=_day(span.text.upper(), text, words))


def _day(printed: str, text: str, words: Words) -> str:
    """Return YYYY-MM-DD, or as printed what does not tell the day from the month and stands on no page that does."""
    numbers = [int(number) for number in re.findall(r"\d+", printed)]
    months = [at for at, month in enumerate(words.months, 1) if re.search(month, printed)]
    if months:
        day, year = sorted(numbers[:2]) if len(numbers) > 1 and max(numbers) > 99 else (numbers[0], numbers[-1])
        return _iso(year, months[0], day) or printed
    if len(numbers) != 3:
        return printed
    if numbers[0] > 99:
        return _iso(*numbers) or printed
    days = possible_days(printed)
    if len(set(days)) == 1:
        return days[0]
    if days and (words.is_day_first or re.search(_DAY_FIRST, text)):
        return days[0]
    return days[1] if days and re.search(_MONTH_FIRST, text) else printed


def possible_days(printed: str) -> list[str]:
    """Return the days that three numbers may be: day, month and year, or month, day and year."""
    numbers = [int(number) for number in re.findall(r"\d+", printed)]
    if len(numbers) != 3 or numbers[0] > 99:
        return []
    first, second, year = numbers
    return [day for day in (_iso(year, second, first), _iso(year, first, second)) if day]


def _iso(year: int, month: int, day: int) -> str:
    with suppress(ValueError):
        return date(year + 2000 * (year < 100), month, day).isoformat()
    return ""
