"""Till receipts and invoices in English, and Chinese till receipts: seller, date, sums, number."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date

import msgspec

from folio.models import Field
from folio.structure.fields import checks, items
from folio.structure.fields.labels import Found
from folio.structure.fields.paper import Check, Kind, days, proved
from folio.structure.fields.receipt.chinese import is_chinese_receipt, read_chinese_receipt
from folio.structure.fields.receipt.item_rows import receipt_items
from folio.structure.fields.receipt.seller import seller
from folio.structure.fields.receipt.sums import label_of, sums
from folio.structure.fields.rows import Row

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_MONTH = rf"(?:{'|'.join(_MONTHS)})[A-Z]*"
_SEP = r"\s?[-/.]\s?"
_DAYS = (
    rf"(?:\d{{1,2}}{_SEP}\d{{1,2}}{_SEP}(?:20)?\d{{2}}|20\d{{2}}{_SEP}\d{{1,2}}{_SEP}\d{{1,2}}"
    rf"|\d{{1,2}}[\s/.-]*{_MONTH}[\s/.,'-]*(?:20)?\d{{2}}|{_MONTH}\.?\s?\d{{1,2}},?\s?20\d{{2}})"
)
_DAY = rf"(?<![\dA-Z/-]){_DAYS}(?![\d/])"
# Where the day is written before the month, by currency, taxes and kinds of companies; and where after it.
_DAY_FIRST = (
    r"\b(?:RM|MYR|SGD|ABN|GBP|EUR)\s?\d|\b(?:GST|VAT|SST|ABN|SDN|BHD|PTE|LTD|PLC|GMBH|TVA|MWST)\b|[£€]"
    r"|\+(?:60|65|44|61|64|91|353)\b"
)
_MONTH_FIRST = r"\bSALES TAX\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b|\bLLC\b|\(\d{3}\) ?\d{3}-\d{4}"
_NUMBER = (
    r"(?:INVOICE|INV|RECEIPT|BILL|RCPT|DOC)\.?\s?(?:NO|NUMBER|NUM|#|ID)?\s?[.:#]*\s*"
    r"((?=[A-Z0-9/-]*\d)[A-Z0-9][A-Z0-9/-]{3,})"
)
_NUMBERS_HEAD = r"(?:^|(?<=\t))(?:INVOICE|RECEIPT|BILL)\s?(?:NO|NUMBER|NUM|#)[.:]?(?=\s*(?:\t|$))"
_ALONE = r"#?\s?((?=[A-Z0-9/-]*\d)[A-Z0-9][A-Z0-9/-]{2,})\s*$"
_COMMA, _SWAPPED = r"(?<![\d.,])\d{1,3}(?:\.\d{3})*,\d{2}(?![.,]?\d)", str.maketrans(".,", ",.")
_MAX_SIGNS = 4000  # of a receipt, on a page
# What tells receipts, in a text without white space: two of the first, or one of all beside a total and a day.
_HINTS = "RECEIPT|INVOICE|CASH(?!IER)|CASHIER|CHANGE|GST|VAT|TAX|QTY|SUB-?TOTAL|TENDER|DUE"
_MORE_HINTS = "TIP|GRATUITY|VISA|MASTERCARD|ROUNDING|FARE|PAID|SERVICECHARGE|SVC|THANKYOU|TABLE|PARKING"
_TOTAL_ROW = r"(?:TOTAL|PAID)[^\d\n]{0,16}\d[\d,]*\.\d\d$"


def _is_one(text: str) -> bool:
    return is_chinese_receipt(text) or _is_english(text)


def _is_english(text: str) -> bool:
    upper = text.upper()
    has_day = bool(re.search(_DAYS, upper))
    hints = len(set(re.findall(_HINTS, upper)))
    is_named = hints > 1 and ("TOTAL" in upper or has_day)
    has_total = re.search(_TOTAL_ROW, upper, re.MULTILINE) and re.search(f"{_HINTS}|{_MORE_HINTS}", upper)
    return (
        len(text) < _MAX_SIGNS
        and (is_named or bool(has_total and has_day))
        and len(re.findall(r"\d[.,]\d\d(?!\d)", text)) >= 2
        and len(re.findall(r"[一-鿿]", text)) < len(text) / 4
    )


def _read(rows: Sequence[Row]) -> Iterator[Found]:
    if is_chinese_receipt("\n".join("".join(row.text.split()) for row in rows)):
        yield from read_chinese_receipt(rows)
    elif _has_decimal_commas(rows):
        rows = [_with_points(row) for row in rows]
        for one in _read_plain(rows):
            is_amount = one.name.endswith(("amount", "_price")) or one.name in (
                "amount_without_tax",
                "_paid",
                "_change",
            )
            yield msgspec.structs.replace(one, form=one.spans[0].text) if is_amount else one
    else:
        yield from _read_plain(rows)


def _has_decimal_commas(rows: Sequence[Row]) -> bool:
    """Return whether amounts are written as 1.234,56: more of them than as 1,234.56."""
    text = "\n".join(row.text for row in rows)
    return len(re.findall(_COMMA, text)) > len(re.findall(r"\d\.\d\d(?![.,]?\d)", text))


def _with_points(row: Row) -> Row:
    """Return a row in whose text amounts are written as 1,234.56; `raw` stays as printed."""
    one = Row(row.tokens)
    one.text = re.sub(_COMMA, lambda match: match[0].translate(_SWAPPED), row.text)
    return one


def _read_plain(rows: Sequence[Row]) -> Iterator[Found]:
    yield from seller(rows)
    yield from _date(rows)
    yield from _number(rows)
    yield from sums(rows)
    yield from receipt_items(rows)


def _number(rows: Sequence[Row]) -> Iterator[Found]:
    """Find the number: in the row of its label, or below a label that stands above its column."""
    for row in rows:
        if match := re.search(_NUMBER, row.text.upper()):
            yield Found("invoice_number", label_of(row, match.start(), match.start(1)), (row.span(*match.span(1)),))
    for at, row in enumerate(rows):
        for head in re.finditer(_NUMBERS_HEAD, row.text.upper()):
            label = row.span(*head.span())
            for part in (part for below in rows[at + 1 : at + 3] for part in below.columns()):
                number = re.match(_ALONE, part.text.upper())
                if number and part.box[0] < label.box[2] and part.box[2] > label.box[0]:
                    span = part.row.span(part.start + number.start(1), part.start + number.end(1))
                    yield Found("invoice_number", label.raw, (span,))


def _date(rows: Sequence[Row]) -> Iterator[Found]:
    """Find the day: where the word stands before it, or else the time of day beside it; a day until when comes last."""
    spans = []
    for row in rows:
        for match in re.finditer(_DAY, row.text.upper()):
            before, after = row.text.upper()[: match.start()], row.text[match.end() :]
            named = re.search(r"(?:[A-Z]+ )?DATE|ISSUED", before)
            rank = (
                bool(re.search(r"DUE|EXP|UNTIL|VALID", before)),
                not named,
                not re.match(r".{0,9}\d:\d\d", after),
            )
            spans.append((rank, row.span(*match.span()), label_of(row, *named.span()) if named else ""))
    text = "\n".join(row.text for row in rows).upper()
    for _, span, label in sorted(spans, key=lambda one: one[0])[:1]:
        yield Found("invoice_date", label, (span,), form=_day(span.text.upper(), text))


def _day(printed: str, text: str) -> str:
    """Return YYYY-MM-DD, or as printed what does not tell the day from the month and stands on no page that does."""
    numbers = [int(number) for number in re.findall(r"\d+", printed)]
    if month := re.search("|".join(_MONTHS), printed):
        day, year = sorted(numbers[:2]) if len(numbers) > 1 and max(numbers) > 99 else (numbers[0], numbers[-1])
        return _iso(year, _MONTHS.index(month[0]) + 1, day) or printed
    if len(numbers) != 3:
        return printed
    if numbers[0] > 99:
        return _iso(*numbers) or printed
    orders = _orders(printed)
    if len(set(orders)) == 1:
        return orders[0]
    if orders and re.search(_DAY_FIRST, text):
        return orders[0]
    return orders[1] if orders and re.search(_MONTH_FIRST, text) else printed


def _orders(printed: str) -> list[str]:
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


def _check(values: Mapping[str, Field]) -> dict[str, Check]:
    came = days(values, "invoice_date")
    if came and _orders(values["invoice_date"].value):
        came = {}  # a day, though not which
    amounts = ("total_amount", "tax_amount", "amount_without_tax", "_paid", "_change")
    total, tax, net, paid, change = (checks.cents(values[name].value) if name in values else None for name in amounts)
    if total and tax and net and total == net + tax:
        came |= dict.fromkeys(amounts[:3], proved(True))
    if total and paid and change and total == paid - abs(change):
        came["total_amount"] = proved(True)
    return came


_SUM_MUST = "amount and tax make the total; otherwise unchecked"
_MUST = {
    "invoice_date": "a day that exists; unchecked, and as printed, where day and month cannot be told apart",
    "amount_without_tax": _SUM_MUST, "tax_amount": _SUM_MUST,
    "total_amount": "amount and tax make it, or what was paid less the change; otherwise unchecked",
    **{name: must for name, must in items.MUST.items() if name not in ("item_tax_rate", "item_tax")},
}  # fmt: skip
KIND = Kind("receipt", _is_one, _read, _check, (), _MUST, ("seller_name", "invoice_number", "item_name"))
