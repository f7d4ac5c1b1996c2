"""What is written in the space for remarks of a Chinese VAT invoice."""

import re
from collections.abc import Iterator, Sequence

from folio.structure.fields.labels import Found, find_all
from folio.structure.fields.rows import Row, Span

# What seals leave there: their words, the seller's number, and single signs of their edge.
_OF_A_SEAL = re.compile(r".|.*[用章]|[0-9A-Z]{12,20}|\(?章\)?|(?:销售方|销货单位).*")
_TOTAL = r"税\s*合\s*计|大\s*写|小\s*写"
_ASIDE = 0.5  # heights of the label to its left, in which text may begin


def remarks(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield the lines beside 备注, which runs down, between the total and who signs."""
    label = next(find_all(rows, r"(?<![一-鿿])备\s*注?(?![一-鿿])"), None)
    total = next(find_all(rows, _TOTAL), None)
    if total is None or (label and total.box[1] > label.box[1]):
        return
    if label:
        begin = label.box[2] - _ASIDE * label.row.height
    elif any("电子发票" in "".join(row.text.split()) for row in rows):  # below the total it has remarks alone
        begin = min(row.tokens[0].box[0] for row in rows)
    else:
        return
    top = label.box[3] if label else total.box[3]
    # Who is paid and who checked may be named among the remarks.
    ends = [span.box[1] for span in find_all(rows, r"开\s*票\s*人") if span.box[1] > top]
    ends += [
        span.box[1]
        for span in find_all(rows, r"收\s*款\s*人|复\s*核")
        if label and span.box[0] < begin and span.box[1] > top
    ]
    last = min(ends, default=rows[-1].tokens[0].box[3])
    others = [row for row in rows if not re.search(_TOTAL, row.text)]  # the total in figures may be lower, and askew
    parts = [part for row in others for part in _parts(row, begin) if total.box[3] < _middle(part) < last]
    if spans := tuple(part for part in parts if not _OF_A_SEAL.fullmatch("".join(part.text.split()))):
        yield Found("remarks", "备注", spans)


def _parts(row: Row, begin: float) -> Iterator[Span]:
    """Yield the columns of a row that begin in the space; the label, or its second sign, may stand before one."""
    for column in row.columns():
        for start in range(column.start, column.end):
            part = row.span(start, column.end)
            if not part.text or part.box[0] < begin:
                continue
            if not re.fullmatch(r"[备注\s]*", part.text):
                yield part
            break


def _middle(part: Span) -> float:
    return (part.box[1] + part.box[3]) / 2
