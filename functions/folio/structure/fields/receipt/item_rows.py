"""The rows of what was bought, on receipts and invoices in English: a name and an amount, perhaps counted."""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from msgspec import Struct

from folio.structure.fields.items import is_product
from folio.structure.fields.labels import Found
from folio.structure.fields.receipt.words import capitals
from folio.structure.fields.rows import Row, Span

_MONEY = r"(?<![\d.,/-])-?(?:(?:RM|USD|MYR|SGD|EUR|GBP|[$£€¥])\s?)?-?\d[\d,]*\s?\.\s?\d{2}(?![\d%]|\.\d)-?"
_CODE = r"(?:\s?(?:\*|[A-Z]{1,3}|[€$£]))?"  # of the tax that an item bears, or a currency after the amount
_LAST = re.compile(rf"({_MONEY}){_CODE}\s*$", re.IGNORECASE)
_COUNT = re.compile(r"(?<![\w.,/%-])(\d{1,4}(?:\.\d{1,3})?)(?![\d%/:-]|[.,]\d|(?![xX]\b)[A-Za-z])")
_TIMES = re.compile(r"\b(?:PCS?|EA|UNITS?|KG|NOS?|X)\b", re.IGNORECASE)  # between a quantity and a price
# A count and a price alone, which belong to the row above or to the one below.
_COUNT_ROW = re.compile(rf"\W*(\d{{1,4}}(?:\.\d{{1,3}})?)\s*[xX×*]\s*({_MONEY})\s*", re.IGNORECASE)
_HEADS = {
    "name": r"\b(?:DESCRIPTION|ITEMS?|PRODUCT|PARTICULARS|DETAILS?)\b", "quantity": r"\b(?:QTY|QUANTITY)\b",
    "unit_price": r"\b(?:UNIT\s?PRICE|U[./]?\s?PRICE|PRICE|RATE)\b", "amount": r"\b(?:AMOUNT|AMT|TOTAL)\b",
}  # fmt: skip
_MIN_HEADS = 2
_SUMMARY = re.compile(r"\b(?:GST|VAT|TAX|SST)\s?(?:SUMMARY|ANALYSIS|RATE|CODE)\b")  # of taxes, below the items
# What ends the items, and what is none of them though it has an amount.
_END = re.compile(
    r"T\s?O\s?T\s?A\s?L\b|\bAMOUNT\s?(?:DUE|PAYABLE)|\bBALANCE|\b(?:GST|VAT|SST|TAX)\b|SERVICE CH|\bROUND(?:ED|ING)?\b"
    r"|\bTIPS?\b|\bGRATUITY|^\s*AMOUNT|\bCASH\b|\bCHANGE\b|\bTENDER|\bPAID\b|\bPAYMENT|\bVISA\b|\bMASTER|\bNETT?\b"
)
_NOT_AN_ITEM = re.compile(r"\d{1,2}:\d\d|\b(?:TEL|FAX|DATE|INVOICE|RECEIPT|PHONE)\b|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_MIN_LETTERS = 2  # of a name
_NEAR = 1.6  # heights from a name to its amount in the row below


class _Item(Struct):
    name: list[Span]
    values: dict[str, Span]


def receipt_items(rows: Sequence[Row], end: str) -> Iterator[Found]:
    """Yield the values of each item, with its number from 1; `end` is a pattern of what ends them in a language."""
    start, labels = _heads(rows)
    number = 0
    before: Row | None = None
    for at, row in enumerate(rows[start:], start):
        text = capitals(row.text)
        if _END.search(text) or re.search(end, text) or _SUMMARY.search(text):
            if number or _SUMMARY.search(text):
                return
            before = None
            continue
        if _is_count_of_next(rows, at):
            continue
        item = _item(row, before)
        if item and at > start and _is_count_of_next(rows, at - 1):
            item.values = {**_count_in(rows[at - 1]), **item.values}
        before = None if item or _NOT_AN_ITEM.search(text) else row
        if item is None or _NOT_AN_ITEM.search(text):
            continue
        number += 1
        name = " ".join(span.raw for span in item.name).replace("\t", " ")
        yield Found("item_name", labels.get("name", ""), tuple(item.name), form=name, item=number)
        for key, span in item.values.items():
            yield Found(f"item_{key}", labels.get(key, ""), (span,), item=number)


def _heads(rows: Sequence[Row]) -> tuple[int, dict[str, str]]:
    """Return the index of the first row below the names of columns, 0 without such, and the names as printed."""
    for index, row in enumerate(rows):
        text = capitals(row.text)
        labels = {
            name: row.span(*match.span()).raw for name, words in _HEADS.items() if (match := re.search(words, text))
        }
        if len(labels) >= _MIN_HEADS and not re.search(r"\d", text) and not _SUMMARY.search(text):
            return index + 1, labels
    return 0, {}


def _item(row: Row, before: Row | None) -> _Item | None:
    """Return the item of a row that ends in an amount; its name may stand in the row before, which has none."""
    match = _LAST.search(row.text)
    if match is None or not re.search("[1-9]", match[1]):
        return None
    values = {"amount": row.span(*match.span(1))}
    prices = list(re.compile(_MONEY, re.IGNORECASE).finditer(row.text, 0, match.start(1)))
    counted = _counted(row, prices, match[1])
    name = row.span(0, prices[0].start() if prices else match.start(1))
    if counted:
        quantity, price = counted
        values = {"quantity": row.span(*quantity.span(1)), "unit_price": row.span(*price.span()), **values}
        name = row.span(0, min(quantity.start(), price.start()))
        if _letters(name.text) < _MIN_LETTERS:
            name = row.span(quantity.end(), max(price.start(), quantity.end()))
    if _letters(_TIMES.sub("", name.text)) >= _MIN_LETTERS:
        return _Item([name], values)
    is_below = before is not None and row.tokens[0].box[1] - before.tokens[0].box[3] < _NEAR * row.height
    if before is None or not is_below or _letters(before.text) < _MIN_LETTERS:
        return None
    return _Item([before.span(0, len(before.text))], values)


def _is_count_of_next(rows: Sequence[Row], at: int) -> bool:
    """Return whether a row is a count and a price that make the amount of the next row."""
    count = _COUNT_ROW.fullmatch(rows[at].text)
    following = _LAST.search(rows[at + 1].text) if count and at + 1 < len(rows) else None
    return bool(count and following and is_product(count[1], re.sub(r"[^\d.-]", "", count[2]), following[1]))


def _count_in(row: Row) -> dict[str, Span]:
    count = _COUNT_ROW.fullmatch(row.text)
    return {"quantity": row.span(*count.span(1)), "unit_price": row.span(*count.span(2))} if count else {}


def _counted(row: Row, prices: Sequence[re.Match[str]], amount: str) -> tuple[re.Match[str], re.Match[str]] | None:
    """Return the quantity and the price of a row that make its amount."""
    counts = list(_COUNT.finditer(row.text))
    for price, count in product(reversed(prices), reversed(counts)):
        is_apart = count.end() <= price.start() or count.start() >= price.end()
        if is_apart and is_product(count[1], re.sub(r"[^\d.-]", "", price[0]), amount):
            return count, price
    return None


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
