"""The rows of a Chinese VAT invoice's items, below the names of their columns."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from folio.structure.fields import checks
from folio.structure.fields.invoice.totals import STARS
from folio.structure.fields.labels import Found, find_all, pattern
from folio.structure.fields.rows import Row, Span
from folio.text.field_values import ITEM

_HEADS = {
    "name": r"货物或应税劳务\s?[,.·]?\s?服务名称|货物或应税劳务名称|项目名称", "specification": r"规\s*格\s*型\s*号",
    "unit": r"单\s*位|(?<![^\t])单(?![^\t])", "quantity": r"数\s*量", "unit_price": r"单\s*价", "amount": r"金\s*额",
    "tax_rate": r"税\s*率(?:/征收率)?", "tax": r"税\s*额",
}  # fmt: skip
_MONEY = r"[¥Y]?\s?-?\d[\d,]*[^\S\t]?\.[^\S\t]?\d{2}(?!\d(?!\d?%))"  # a rate may touch it
_EXEMPT = r"免税|不征税|出口零税率|普通零税率|\*{1,3}"
_SIDE_TEXT = r"(?:\s*[一-鿿]|\t\S)?\s*$"  # a sign of what runs down the edge
# A tax that such a sign is printed over, or whose point was not read, is not told.
_TORN = r"(?:(?<=%)\s*\d[\d,]*\.?\d*(?:\s*[^\s\d])?|\t\d[\d,]* \d{2})?"
_AS_STARS = rf"(?:(?<=[税率])\s*(?P<stars>{STARS}|[^\s\d¥]{{3}}))?"
_RATES = 1, 2, 3, 4, 5, 6, 9, 10, 11, 13, 16, 17  # in percent, that invoices have
_SIGNED = re.compile(r"[¥YV]\s?-?\d[\d,]*\.\d{2}(?!\d)")
_KIND_OF_GOODS = re.compile(r"[*·“”\"＊※]?\s?([一-鿿、]{2,16})\s?[*·“”\"＊※]\s?([^\d\s*].*)")
_SUMS = re.compile(
    rf"(?P<amount>{_MONEY})(?:\s*(?P<tax_rate>\d{{1,2}}(?:\.\d+)?\s?%|{_EXEMPT})|\t(?P<torn_rate>\S{{1,3}})(?=\t))?"
    rf"(?:\s*(?P<tax>{_MONEY}|{_EXEMPT}))?{_AS_STARS}{_TORN}{_SIDE_TEXT}"
)
# The same with a sign of the amount misread, as where a rule runs through it.
_TORN_SUMS = re.compile(
    rf"(?<=\t)(?P<torn_amount>\d[^\t]{{2,}})\t(?P<tax_rate>\d{{1,2}}(?:\.\d+)?\s?%)\s*(?P<tax>{_MONEY}){_SIDE_TEXT}"
)
_COUNTED = re.compile(
    r"(?<![\w.*-])(?P<quantity>-?\d[\d,]*(?:\.\d+)?)\s+(?P<unit_price>\d[\d,]*(?:[^\S\t]?\.\d+)?)\s*$"
)
_PRICED = re.compile(r"(?<![\w.*-])(?P<unit_price>\d[\d,]*\.\d+)\s*$")
# Columns that invoices of construction and of tolls have in place of others; what stands in them is no item's value.
_OTHER_HEADS = {
    "place": "建筑服务发生地", "project": "建筑项目名称", "plate": "车牌号", "vehicle": r"类\s*型",
    "from": "通行日期起", "until": "通行日期止",
}  # fmt: skip
# What the items end above; the second, which is lower, where the first was not read.
_ENDS = r"(?<!税)(?<!税 )(?:合|小)\s*计", r"税\s*合\s*计|大\s*写|小\s*写"
_GAP = 0.7  # heights between the texts of two columns
_NEAR = 1.5  # heights between the names of columns, and between the lines of an item


class _Heads(Struct):
    spans: dict[str, Span]
    end: float

    def bottom(self, left: float, right: float) -> float:
        """Return what the items stand below, from left to right: on a page that curls the line of names does too."""
        return self.spans[self.nearest(left, right, tuple(self.spans))].box[3]

    def nearest(self, left: float, right: float, names: Sequence[str]) -> str:
        """Return the column whose name lies over or nearest to what stands from left to right."""
        known = [name for name in names if name in self.spans]
        boxes = [self.spans[name].box for name in known]
        away = [max(box[0] - right, left - box[2], 0.0) for box in boxes]
        return known[away.index(min(away))] if known else names[0]


def invoice_items(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield the values of each item, with its number from 1."""
    heads = _heads(rows)
    if heads is None:
        return
    number, name, last = 0, Found("", "", ()), 0.0
    for row in rows:
        left, top, right, bottom = row.tokens[0].box
        if not heads.bottom(left, right) < (top + bottom) / 2 < heads.end:
            continue
        match = _SUMS.search(row.text)
        if match and not match["tax"]:
            match = _TORN_SUMS.search(row.text) or match
        if match and (_SIGNED.search(row.text) or not any(map(str.isalpha, row.text[: match.start()]))):
            continue  # the sums, or figures of a row that a photograph's curve has torn off
        if match:
            yield from _with_stars(name)
            number += 1
            values = list(_values(row, match, heads, number))
            name = next((one for one in values if one.name == "item_name"), Found("", "", ()))
            yield from (one for one in values if one is not name)
            last = bottom
        elif name.spans and top - last < _NEAR * row.height and _is_in_name(row, name.spans[0], heads):
            name = Found(name.name, name.label, (*name.spans, row.span(0, len(row.text))), item=name.item)
            last = bottom
    yield from _with_stars(name)


def _with_stars(name: Found) -> Iterator[Found]:
    """Yield a name whose kind of goods stands between asterisks, which engines read as other signs, or not at all."""
    if not name.spans:
        return
    match = _KIND_OF_GOODS.fullmatch(name.text)
    yield msgspec.structs.replace(name, form=f"*{match[1]}*{match[2]}") if match else name


def _heads(rows: Sequence[Row]) -> _Heads | None:
    """Return the names of the columns, which stand in a line, and where the items below them end."""
    anchors = (next(find_all(rows, pattern(_HEADS[name]).pattern), None) for name in ("amount", "tax_rate", "tax"))
    first = next(filter(None, anchors), None)
    if first is None:
        return None
    middle = (first.box[1] + first.box[3]) / 2
    spans = {}
    for name, words in (_HEADS | _OTHER_HEADS).items():
        for span in find_all(rows, pattern(words).pattern):
            if abs((span.box[1] + span.box[3]) / 2 - middle) < _NEAR * first.row.height:
                spans[name] = span
                break
    if len(spans) < (len(_HEADS) / 2 if "name" in spans else len(_HEADS) - 3):
        return None
    bottom = max(span.box[3] for span in spans.values())
    ends = ([span.box[1] for span in find_all(rows, words) if span.box[1] > bottom] for words in _ENDS)
    return _Heads(spans, min(next(filter(None, ends), [bottom])))


def _values(row: Row, sums: re.Match[str], heads: _Heads, number: int) -> Iterator[Found]:
    counted = _counted(row, sums.start(), heads)
    end = counted.start() if counted else sums.start()
    parts = {name: row.span(*match.span(name)) for match in (sums, counted) if match for name in match.groupdict()
             if match[name] and len(name) > 1}  # fmt: skip
    if "tax" in parts and "tax_rate" not in parts and not counted:
        left, _, right, _ = parts["tax"].box
        if heads.nearest(left, right, ("amount", "tax")) == "amount":  # two numbers, of which the first is a price
            parts = {"unit_price": parts["amount"], "amount": parts["tax"]}
            end = sums.start()
    forms = _forms(parts)
    texts: dict[str, list[Span]] = {}
    for index, span in enumerate(_without_edge(list(row.parted(end, _GAP)))):
        left, _, right, _ = span.box
        is_name = index == 0 and ("name" in heads.spans or right < min(one.box[0] for one in heads.spans.values()))
        name = "name" if is_name else heads.nearest(left, right, (*ITEM[:5], *_OTHER_HEADS))
        texts.setdefault(name, []).append(span)
    for name in ITEM:
        spans = [parts[name]] if name in parts else texts.get(name, [])
        if spans:
            label = heads.spans[name].raw if name in heads.spans else name
            yield Found(f"item_{name}", label, tuple(spans), form=forms.get(name, ""), item=number)


def _counted(row: Row, end: int, heads: _Heads) -> re.Match[str] | None:
    """Return the quantity and the unit price before an index, or that alone where a rule stands through the quantity.

    They are not the end of a name, as in `M6*20 304`.
    """
    counted = _COUNTED.search(row.text, 0, end) or _PRICED.search(row.text, 0, end)
    if counted is None:
        return None
    left, _, right, _ = row.span(*counted.span()).box
    return None if heads.nearest(left, right, ITEM) in ("name", "specification") else counted


def _forms(parts: dict[str, Span]) -> dict[str, str]:
    """Put in place of what was misread of a rate and a tax the column it is of, and return its form."""
    forms = {}
    if "stars" in parts:
        parts["tax"], forms["tax"] = parts.pop("stars"), "***"
    if "torn_amount" in parts:
        parts["amount"] = parts.pop("torn_amount")
        if amount := _proved_amount(parts):
            forms["amount"] = amount
    if "torn_rate" in parts:
        torn = parts.pop("torn_rate")
        if rate := _proved_rate(torn.text, parts):
            parts["tax_rate"], forms["tax_rate"] = torn, rate
    return forms


def _proved_rate(torn: str, parts: Mapping[str, Span]) -> str:
    """Return a rate of which a sign was misread, as where a rule runs through it, if amount and tax prove one."""
    amount, tax = (checks.cents(parts[name].text) if name in parts else None for name in ("amount", "tax"))
    if not amount or not tax:
        return ""
    proved = [rate for rate in _RATES if abs(amount * rate / 100 - tax) <= 1]
    alike = [rate for rate in proved if str(rate) in (torn, torn[:-1]) or set(torn) & set(f"{rate}%")]
    return f"{alike[0]}%" if len(proved) == 1 and alike else ""


def _proved_amount(parts: Mapping[str, Span]) -> str:
    """Return the amount that quantity and price make, if the tax proves it too and it is nearly what was read."""
    if not {"quantity", "unit_price", "tax_rate", "tax"} <= parts.keys():
        return ""
    texts = (re.sub(r"[^\d.-]", "", parts[name].text) for name in ("quantity", "unit_price", "tax_rate"))
    quantity, price, rate = map(float, texts)
    cents, tax = round(quantity * price * 100), checks.cents(parts["tax"].text)
    amount, printed = f"{cents / 100:.2f}", parts["amount"].text
    alike = sum(one == other for one, other in zip(amount, printed, strict=False))
    return amount if tax is not None and abs(cents * rate / 100 - tax) <= 1 and 2 * alike > len(amount) else ""


def _without_edge(parts: list[Span]) -> list[Span]:
    """Return the parts of a row without a sign of what runs down the form's left edge."""
    at_edge = len(parts) > 1 and len(parts[0].text) == 1 and "\t" in parts[0].row.text[parts[0].end : parts[1].start]
    return parts[at_edge:]


def _is_in_name(row: Row, name: Span, heads: _Heads) -> bool:
    """Return whether a row goes on with the name above it: it stands in that column alone, and begins where it does."""
    parts = list(row.parted(len(row.text), _GAP))
    left, _, right, _ = parts[0].box
    return len(parts) == 1 and left > name.box[0] - _NEAR * row.height and heads.nearest(left, right, ITEM) == "name"
