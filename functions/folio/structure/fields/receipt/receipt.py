"""Till receipts and invoices in five languages of Europe, and Chinese till receipts: seller, date, sums, number."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from folio.models import Field
from folio.structure.fields import checks, items
from folio.structure.fields.labels import Found
from folio.structure.fields.paper import Check, Kind, days, proved
from folio.structure.fields.receipt.chinese import is_chinese_receipt, read_chinese_receipt
from folio.structure.fields.receipt.dates import day_pattern, find_date, possible_days
from folio.structure.fields.receipt.item_rows import receipt_items
from folio.structure.fields.receipt.seller import seller
from folio.structure.fields.receipt.sums import label_of, sums
from folio.structure.fields.receipt.words import ENGLISH, Words, capitals, has_total, words_of
from folio.structure.fields.rows import Row

_NUMBERS_HEAD = r"(?:^|(?<=\t))(?:INVOICE|RECEIPT|BILL)\s?(?:NO|NUMBER|NUM|#)[.:]?(?=\s*(?:\t|$))"
_ALONE = r"#?\s?((?=[A-Z0-9/-]*\d)[A-Z0-9][A-Z0-9/-]{2,})\s*$"
_COMMA, _SWAPPED = r"(?<![\d.,])\d+(?:\.\d{3})*\s?,\s?\d{2}(?![.,]?\d)", str.maketrans(".,", ",.")
_MAX_SIGNS = 4000  # of a receipt, on a page
# What tells receipts, in a text without white space: two of the first, or one of all beside a total and a day.
_HINTS = "RECEIPT|INVOICE|CASH(?!IER)|CASHIER|CHANGE|GST|VAT|TAX|QTY|SUB-?TOTAL|TENDER|DUE"
_MORE_HINTS = "TIP|GRATUITY|VISA|MASTERCARD|ROUNDING|FARE|PAID|SERVICECHARGE|SVC|THANKYOU|TABLE|PARKING"
_TOTAL_ROW = r"(?:TOTAL|PAID)[^\d\n]{0,16}\d[\d,]*\.\d\d$"


def _is_one(text: str) -> bool:
    return is_chinese_receipt(text) or _is_english(text) or _is_foreign(text)


def _is_foreign(text: str) -> bool:
    words, upper = words_of(text), capitals(text)
    return (
        words is not ENGLISH
        and len(text) < _MAX_SIGNS
        and has_total(upper, words)
        and re.search(day_pattern(words.months), upper) is not None
    )


def _is_english(text: str) -> bool:
    upper = text.upper()
    has_day = bool(re.search(day_pattern(ENGLISH.months), upper))
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
    text = "\n".join("".join(row.text.split()) for row in rows)
    words = words_of(text)
    if is_chinese_receipt(text):
        yield from read_chinese_receipt(rows)
    elif _has_decimal_commas(rows):
        rows = [_with_points(row) for row in rows]
        for one in _read_plain(rows, words):
            is_amount = one.name in ("item_amount", "item_unit_price")
            yield msgspec.structs.replace(one, form=one.spans[0].text) if is_amount else one
    else:
        yield from _read_plain(rows, words)


def _has_decimal_commas(rows: Sequence[Row]) -> bool:
    """Return whether amounts are written as 1.234,56: more of them than as 1,234.56."""
    text = "\n".join(row.text for row in rows)
    return len(re.findall(_COMMA, text)) > len(re.findall(r"\d\.\d\d(?![.,]?\d)", text))


def _with_points(row: Row) -> Row:
    """Return a row in whose text amounts are written as 1,234.56; `raw` stays as printed."""
    one = Row(row.tokens)
    one.text = re.sub(_COMMA, lambda match: match[0].translate(_SWAPPED), row.text)
    return one


def _read_plain(rows: Sequence[Row], words: Words) -> Iterator[Found]:
    yield from seller(rows, words)
    yield from find_date(rows, words)
    yield from _number(rows, words)
    yield from sums(rows, words)
    yield from receipt_items(rows, words.end)


def _number(rows: Sequence[Row], words: Words) -> Iterator[Found]:
    """Find the number: in the row of its label, or below a label that stands above its column."""
    for row in rows:
        if match := re.search(words.number, capitals(row.text)):
            yield Found("invoice_number", label_of(row, match.start(), match.start(1)), (row.span(*match.span(1)),))
    for at, row in enumerate(rows):
        for head in re.finditer(_NUMBERS_HEAD, capitals(row.text)):
            label = row.span(*head.span())
            for part in (part for below in rows[at + 1 : at + 3] for part in below.columns()):
                number = re.match(_ALONE, capitals(part.text))
                if number and part.box[0] < label.box[2] and part.box[2] > label.box[0]:
                    span = part.row.span(part.start + number.start(1), part.start + number.end(1))
                    yield Found("invoice_number", label.raw, (span,))


def _check(values: Mapping[str, Field]) -> dict[str, Check]:
    came = days(values, "invoice_date")
    if came and possible_days(values["invoice_date"].value):
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
