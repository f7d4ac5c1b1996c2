"""The rows of a Chinese VAT invoice's items, below the names of their columns."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from folio.structure.fields.labels import Found, find_all
from folio.structure.fields.rows import Row, Span
from folio.text.field_values import ITEM

_HEADS = {
    "name": r"货物或应税劳务,?\s?服务名称|货物或应税劳务名称|项目名称", "specification": r"规\s*格\s*型\s*号",
    "unit": r"单\s*位", "quantity": r"数\s*量", "unit_price": r"单\s*价", "amount": r"金\s*额",
    "tax_rate": r"税\s*率(?:/征收率)?", "tax": r"税\s*额",
}  # fmt: skip
_MONEY = r"[¥Y]?\s?-?\d[\d,]*\.\d{2}(?!\d)"
_EXEMPT = r"免税|不征税|出口零税率|普通零税率|\*{1,3}"
_SIDE_TEXT = r"(?:\s*[一-鿿])?\s*$"  # a sign of what runs down the edge
_TORN = r"(?:(?<=%)\s*\d[\d,]*\.?\d*(?:\s*[^\s\d])?)?"  # a tax that such a sign is printed over is not told
_AS_STARS = r"(?:(?<=[税率])\s*[^\s\d]{2,4})?"  # three asterisks for no tax, as they are read in some typefaces
_SUMS = re.compile(
    rf"(?P<amount>{_MONEY})(?:\s*(?P<tax_rate>\d{{1,2}}(?:\.\d+)?\s?%|{_EXEMPT}))?"
    rf"(?:\s*(?P<tax>{_MONEY}|{_EXEMPT}))?{_AS_STARS}{_TORN}{_SIDE_TEXT}"
)
_COUNTED = re.compile(r"(?<![\w.-])(?P<quantity>-?\d[\d,]*(?:\.\d+)?)\s+(?P<unit_price>\d[\d,]*(?:\.\d+)?)\s*$")
_GAP = 0.7  # heights between the texts of two columns
_NEAR = 1.5  # heights between the names of columns, and between the lines of an item


class _Heads(Struct):
    spans: dict[str, Span]
    bottom: float
    end: float

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
        top, bottom = row.tokens[0].box[1], row.tokens[0].box[3]
        if not heads.bottom < (top + bottom) / 2 < heads.end:
            continue
        match = _SUMS.search(row.text)
        if match and not any(map(str.isalpha, row.text[: match.start()])):
            continue  # figures of a row that a photograph's curve has torn off
        if match:
            yield from (name,) if name.spans else ()
            number += 1
            values = list(_values(row, match, heads, number))
            name = next((one for one in values if one.name == "item_name"), Found("", "", ()))
            yield from (one for one in values if one is not name)
            last = bottom
        elif name.spans and top - last < _NEAR * row.height and _is_in_name(row, heads):
            name = Found(name.name, name.label, (*name.spans, row.span(0, len(row.text))), item=name.item)
            last = bottom
    yield from (name,) if name.spans else ()


def _heads(rows: Sequence[Row]) -> _Heads | None:
    """Return the names of the columns, which stand in a line, and where the items below them end."""
    first = next(find_all(rows, _HEADS["amount"]), None)
    if first is None:
        return None
    middle = (first.box[1] + first.box[3]) / 2
    spans = {}
    for name, words in _HEADS.items():
        for span in find_all(rows, words):
            if abs((span.box[1] + span.box[3]) / 2 - middle) < _NEAR * first.row.height:
                spans[name] = span
                break
    if "name" not in spans or len(spans) < len(_HEADS) / 2:
        return None
    bottom = max(span.box[3] for span in spans.values())
    below = (span.box[1] for span in find_all(rows, r"(?<!税)(?<!税 )(?:合|小)\s*计") if span.box[1] > bottom)
    return _Heads(spans, bottom, min(below, default=bottom))


def _values(row: Row, sums: re.Match[str], heads: _Heads, number: int) -> Iterator[Found]:
    counted = _COUNTED.search(row.text, 0, sums.start())
    end = counted.start() if counted else sums.start()
    parts = {name: row.span(*match.span(name)) for match in (sums, counted) if match for name in match.groupdict()
             if match[name]}  # fmt: skip
    if "tax" in parts and "tax_rate" not in parts and not counted:
        left, _, right, _ = parts["tax"].box
        if heads.nearest(left, right, ("amount", "tax")) == "amount":  # two numbers, of which the first is a price
            parts = {"amount": parts["tax"]}
            end = sums.start()
    texts: dict[str, list[Span]] = {}
    for index, span in enumerate(row.parted(end, _GAP)):
        left, _, right, _ = span.box
        name = heads.nearest(left, right, ITEM[:5]) if index else "name"
        texts.setdefault(name, []).append(span)
    for name in ITEM:
        spans = [parts[name]] if name in parts else texts.get(name, [])
        if spans:
            label = heads.spans[name].raw if name in heads.spans else name
            yield Found(f"item_{name}", label, tuple(spans), item=number)


def _is_in_name(row: Row, heads: _Heads) -> bool:
    """Return whether a row goes on with the name above it: it stands in that column alone."""
    parts = list(row.parted(len(row.text), _GAP))
    return len(parts) == 1 and heads.nearest(parts[0].box[0], parts[0].box[2], ITEM) == "name"
