"""The sums of receipts and invoices: the total, the tax, and the amount without it."""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from folio.structure.fields import checks
from folio.structure.fields.labels import Found, find_all
from folio.structure.fields.receipt.words import Words, capitals
from folio.structure.fields.rows import Row, Span

_AMOUNT = r"(?<![\d.,])-?(?:(?:RM|USD|MYR|SGD|EUR|GBP|[$£€¥])\s?)?-?\d[\d,]*\s?[.]\s?\d{2}(?![\d%]|\.\d)"
_NOTHING = "(?!)"
_MAX_ROUNDED = 4  # hundredths
_NOT_OF_LABEL = re.compile(r"[\s:.#]*\(?(?:(?<![A-Za-z])(?:RM|USD|MYR|SGD|EUR|GBP)|[$£€¥])?\)?[\s:.#]*$")


def _beside(name: str, words: str, other: str, rows: Sequence[Row]) -> Iterator[Found]:
    for row in rows:
        text = capitals(row.text)
        match = re.search(words, text)
        if match and not re.search(other, text) and (amounts := _amounts(row, match.end())):
            yield _amount(name, label_of(row, *match.span()), amounts[-1])


def _amount(name: str, label: str, amount: Span) -> Found:
    """Return an amount with a decimal point, in whichever way it is printed."""
    return Found(name, label, (amount,), form=amount.text)


def label_of(row: Row, start: int, end: int) -> str:
    """Return a label as it is printed, without the currency's sign before its amount."""
    return _NOT_OF_LABEL.sub("", row.raw[start:end])


def sums(rows: Sequence[Row], words: Words) -> Iterator[Found]:
    """Find the total, the tax and the amount without it; `_paid` and `_change` are witnesses."""
    paid, change = (
        next(_beside(name, label, _NOTHING, rows), None)
        for name, label in (("_paid", words.paid), ("_change", words.change))
    )
    yield from (one for one in (paid, change) if one)
    total = _named_total(rows, _due(paid, change), words) or next(_without_name(rows, paid, change, words), None)
    if total:
        yield total
    yield from _parts_of(checks.cents(total.text) if total else None, rows, words)


def _due(paid: Found | None, change: Found | None) -> int | None:
    """Return what was paid less the change, in hundredths."""
    one, other = (checks.cents(match.text) if match else None for match in (paid, change))
    return None if one is None or other is None else one - abs(other)


def _named_total(rows: Sequence[Row], due: int | None, words: Words) -> Found | None:
    """Return the total: what was paid less the change, if that is named, or else what has the surest name."""
    named = [spans for name in words.totals if (spans := _named(name, words.not_a_total, rows))]
    proved = [one for spans in named for one in spans if due is not None and checks.cents(one[1].text) == due]
    if not named:
        return None
    label, amount = proved[0] if proved else _rounded(named[0], _most_frequent(named[0]))
    return _amount("total_amount", label_of(label.row, label.start, label.end), amount)


def _named(words: str, other: str, rows: Sequence[Row]) -> list[tuple[Span, Span]]:
    """Return the places of a name of totals with the amounts beside or below them."""
    spans = []
    for number, row in enumerate(rows):
        text = capitals(row.text)
        match = re.search(words, text)
        if not match or re.search(other, text):
            continue
        amounts = _amounts(row, match.end()) or _amounts_below(rows, number)
        spans += [(row.span(*match.span()), amount) for amount in amounts[-1:] if checks.cents(amount.text)]
    return spans


def _rounded(spans: Sequence[tuple[Span, Span]], chosen: tuple[Span, Span]) -> tuple[Span, Span]:
    """Return the last total below a chosen one that is off by what cash is rounded by, or the chosen one."""
    worth = checks.cents(chosen[1].text) or 0
    below = [
        one for one in spans[spans.index(chosen) + 1 :] if abs((checks.cents(one[1].text) or 0) - worth) <= _MAX_ROUNDED
    ]
    return below[-1] if below else chosen


def _parts_of(total: int | None, rows: Sequence[Row], words: Words) -> Iterator[Found]:
    """Yield tax and amount without it: those that make the total, or else what is named first."""
    taxes = list(_beside("tax_amount", words.tax, words.not_a_tax, rows))
    shares = _beside("tax_amount", words.tax, words.included_tax, rows)
    included = [one for one in shares if total and 2 * (checks.cents(one.text) or 0) < total]
    named = list(_beside("amount_without_tax", words.subtotal, _NOTHING, rows))
    nets = [*named, *_beside("amount_without_tax", words.net, _NOTHING, rows)]
    for tax, net in product(taxes, nets):
        worth = checks.cents(tax.text), checks.cents(net.text)
        if worth[0] and worth[1] and worth[0] + worth[1] == total:
            yield from (tax, net)
            return
    if beside := _in_one_row(total, rows):
        yield from beside
        return
    yield from (taxes or included)[:1]
    yield from named[:1]


def _in_one_row(total: int | None, rows: Sequence[Row]) -> list[Found]:
    """Return tax and amount without it that stand in one row with the total that they make, as in tables of taxes."""
    for row in rows:
        amounts = [(checks.cents(one.text) or 0, one) for one in _amounts(row, 0)]
        parts = sorted((one for one in amounts if 0 < one[0] != total), key=lambda one: one[0])
        if total and len(parts) == 2 and len(amounts) == 3 and parts[0][0] + parts[1][0] == total:
            return [_amount("tax_amount", "", parts[0][1]), _amount("amount_without_tax", "", parts[1][1])]
    return []


def _without_name(rows: Sequence[Row], paid: Found | None, change: Found | None, words: Words) -> Iterator[Found]:
    """Find a total that is not named: what was paid, less the change."""
    paid = paid or next(_paid_below(rows, words.paid), None)
    worth = [checks.cents(one.text) if one else 0 for one in (paid, change)]
    if not paid or worth[0] is None or worth[1] is None:
        return
    for span in find_all(rows, _AMOUNT):
        if checks.cents(span.text) == worth[0] - worth[1]:
            yield _amount("total_amount", paid.label, span)
            return


def _paid_below(rows: Sequence[Row], paid: str) -> Iterator[Found]:
    for number, row in enumerate(rows):
        if match := re.search(rf"(?:{paid})\W*$", capitals(row.text)):
            for amount in _amounts_below(rows, number):
                yield _amount("_paid", label_of(row, *match.span()), amount)


def _most_frequent(spans: Sequence[tuple[Span, Span]]) -> tuple[Span, Span]:
    """Return the first place of the amount that stands there most often, the larger of two."""
    worth = [checks.cents(amount.text) or 0 for _, amount in spans]
    best = max(range(len(spans)), key=lambda at: (worth.count(worth[at]), worth[at], -at))
    return spans[best]


def _amounts(row: Row, start: int) -> list[Span]:
    return [row.span(*match.span()) for match in re.compile(_AMOUNT, re.IGNORECASE).finditer(row.text, start)]


def _amounts_below(rows: Sequence[Row], number: int) -> list[Span]:
    """Return an amount that stands alone in the next row, but for its currency."""
    for row in rows[number + 1 : number + 2]:
        amounts = _amounts(row, 0)
        if len(amounts) == 1 and len(amounts[0].text) >= len(row.text.strip()) - 3:
            return amounts
    return []
