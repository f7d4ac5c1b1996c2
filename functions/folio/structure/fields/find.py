"""What papers are on a page, and what is on them."""

from collections.abc import Iterator, Sequence

import msgspec

from folio.models import Field, Mode, Page
from folio.structure.fields import business_license, cards, form, ticket
from folio.structure.fields.invoice import vat_invoice
from folio.structure.fields.labels import find_all
from folio.structure.fields.paper import Kind, fields_on
from folio.structure.fields.receipt import receipt
from folio.structure.fields.rows import Row, Token, rows_of
from folio.transform import Box

# In the order in which they are asked whether a page is theirs: what only looks like a receipt comes last.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        vat_invoice.KIND, ticket.KIND, cards.ID_CARD, business_license.KIND, cards.BANK_CARD, receipt.KIND, form.KIND,
    )
}  # fmt: skip


def fields_of(page: Page, mode: Mode) -> tuple[str | None, tuple[Field, ...]]:
    """Return what kind of paper is on a page, and its fields; `mode` is a kind, or `auto`, which finds it."""
    if mode != "auto" and mode not in KINDS:
        return None, ()
    rows = rows_of(page)
    if mode == "auto":
        text = "".join("".join(row.text.split()) + "\n" for row in rows)
        kind = next((kind for kind in KINDS.values() if kind.is_one(text)), None)
    else:
        kind = KINDS[mode]
    if kind is None or not rows:
        return None, ()
    fields = []
    for number, paper in enumerate(_papers(kind, rows), 1):
        fields += [msgspec.structs.replace(field, page=page.number, paper=number) for field in fields_on(kind, paper)]
    return kind.name if fields or mode == "auto" else None, tuple(fields)


def _papers(kind: Kind, rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows of each paper on a page: it is cut where nothing stands between what each of them has once."""
    tokens = [token for row in rows for token in row.tokens]
    starts = [[span.box for span in find_all(rows, words)] for words in kind.starts]
    yield from _cut(tokens, _once_on_each(starts), rows)


def _once_on_each(starts: Sequence[list[Box]]) -> list[list[Box]]:
    """Return the boxes of those patterns that are found as often as there are papers.

    Two must be found equally often, where there are several: remarks may name another paper's number.
    """
    counts = [len(boxes) for boxes in starts]
    agreed = [count for count in counts if count and (counts.count(count) > 1 or len(counts) == 1)]
    return [boxes for boxes in starts if agreed and len(boxes) == max(agreed)]


def _cut(tokens: list[Token], starts: Sequence[list[Box]], rows: Sequence[Row]) -> Iterator[list[Row]]:
    if starts and len(starts[0]) > 1:
        strips = [strip for one in (1, 0) if (strip := _blank(tokens, starts, one))]
        if strips:
            _, axis, edge = max(strips, key=lambda one: one[0])  # rather below each other than beside
            for is_before in (True, False):
                part = [one for one in tokens if (one.box[axis] < edge) == is_before]
                in_part = [[one for one in boxes if (one[axis] < edge) == is_before] for boxes in starts]
                yield from _cut(part, _once_on_each(in_part) or in_part[:1], rows)
            return
    chosen = {id(token) for token in tokens}
    parts_left = ([token for token in row.tokens if id(token) in chosen] for row in rows)
    yield [Row(remaining) for remaining in parts_left if remaining]


def _blank(tokens: Sequence[Token], starts: Sequence[list[Box]], axis: int) -> tuple[int, int, float] | None:
    """Return how sure a blank strip across the page is that has papers on both of its sides, its axis and its middle.

    It is sure by how many of the patterns the same number of papers stand before it; of equal ones the widest is taken.
    """
    first, last = min(one[axis] for one in starts[0]), max(one[axis] for one in starts[0])
    best, edge, reached = (0, 0.0), 0.0, -1e9
    for token in sorted(tokens, key=lambda token: token.box[axis]):
        begin = token.box[axis]
        middle = (begin + reached) / 2
        if begin > reached and first < middle < last:
            before = [sum(one[axis] < middle for one in boxes) for boxes in starts]
            best, edge = max((best, edge), ((before.count(before[0]), begin - reached), middle))
        reached = max(reached, token.box[axis + 2])
    return (best[0], axis, edge) if best[0] else None
