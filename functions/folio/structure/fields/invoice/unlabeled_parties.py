"""Who buys and who sells on an invoice whose labels were not read: by what names, numbers and addresses look like."""

import re
from collections.abc import Iterator, Sequence

from folio.structure.fields.labels import Found, find_all
from folio.structure.fields.rows import Row, Span
from folio.transform import Box

_PHONE = r"(?:0\d{2,3}-?\d{7,8}|1\d{10}|\d{7,8})"
_LOOKS = (
    ("name", re.compile(r"[一-鿿()·]{3,}(?:公司|厂|店|学|学校|医院|银行|局|中心|所|部|社|协会)")),
    ("tax_id", re.compile(r"(?<![0-9A-Z])(?:[0-9A-Z]{18}|[0-9A-Z]{17}|[0-9A-Z]{15})(?![0-9A-Z])")),
    ("address_phone", re.compile(rf"[一-鿿]{{2,}}[省市区县镇乡村路街道号][^\t]*[一-鿿,; ]{_PHONE}")),
    ("bank_account", re.compile(r"[一-鿿()]{2,}(?:行|社|部|司|处)[^\t一-鿿]{0,2}\d[\d -]{8,}")),
)  # fmt: skip
_OTHERS = re.compile(r"[<>*+/]|编号|号码|代码|校验|日期")  # what is enciphered, and the numbers above
_HEADS = r"金\s*额|税\s*率|规\s*格"
_HALF = 0.5  # of the form's width, in which each of the two stands


def unlabeled_parties(rows: Sequence[Row], matches: Sequence[Found]) -> Iterator[Found]:
    """Yield what stands in the buyer's and in the seller's part of the form and was not found by its label."""
    named = {one.name for one in matches}
    taken = [span for one in matches for span in one.spans]
    if _is_roll(rows, matches):
        return
    for who, area in _areas(rows):
        columns = [column for row in rows for column in row.columns() if _is_within(column, area)]
        for name, look in _LOOKS:
            if f"{who}_{name}" in named:
                continue
            for column in columns:
                match = None if _OTHERS.search(column.text) else look.search(column.text)
                if match is None or (
                    name in ("name", "address_phone") and match.start() and match.end() < len(column.text)
                ):
                    continue
                span = column.row.span(column.start + match.start(), column.start + match.end())
                if not any(one.row is span.row and one.start < span.end and span.start < one.end for one in taken):
                    taken.append(span)
                    yield Found(f"{who}_{name}", "", (span,))
                    break


def _is_roll(rows: Sequence[Row], matches: Sequence[Found]) -> bool:
    """Return whether both stand below each other above the items, as on rolls: where one ends is not told there."""
    heads = next(find_all(rows, _HEADS), None)
    is_digital = any("电子发票" in "".join(row.text.split()) for row in rows)
    sellers = [one.spans[0].box[1] for one in matches if one.name.startswith("seller_")]
    return next(find_all(rows, r"机\s*打\s*号\s*码|收\s*款\s*员"), None) is not None or bool(
        heads and not is_digital and any(top < heads.box[1] for top in sellers)
    )


def _areas(rows: Sequence[Row]) -> Iterator[tuple[str, Box]]:
    """Yield where each of them stands: above the items and below the total, or beside each other above the items."""
    heads = next(find_all(rows, _HEADS), None)
    total = next(find_all(rows, r"价\s*税\s*合\s*计|大\s*写|小\s*写"), None)
    end = next(find_all(rows, r"收\s*款\s*人|开\s*票\s*人"), None)
    left, right = min(row.tokens[0].box[0] for row in rows), max(row.tokens[-1].box[2] for row in rows)
    middle = left + _HALF * (right - left)
    top, bottom = (rows[0].tokens[0].box[1], rows[-1].tokens[0].box[3])
    if heads is None or total is None:
        return
    first = next((span.box[3] for span in find_all(rows, r"发\s*票") if span.box[1] < heads.box[1]), top)
    yield "buyer", (left, first, middle, heads.box[1])
    if any("电子发票" in "".join(row.text.split()) for row in rows):
        yield "seller", (middle, first, right, heads.box[1])
    else:
        yield "seller", (left, total.box[3], middle, end.box[1] if end else bottom)


def _is_within(column: Span, area: Box) -> bool:
    left, top, right, bottom = area
    x0, y0, _, y1 = column.box
    return left <= x0 < right and top < (y0 + y1) / 2 < bottom
