"""What papers are on a page, and what is on them."""

from collections.abc import Iterator, Sequence

import msgspec

from folio.models import Field, Mode, Page
from folio.structure.fields import business_license, cards, form, receipt, ticket, vat_invoice
from folio.structure.fields.labels import find_all
from folio.structure.fields.paper import Kind, fields_on
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
    starts = max(([span.box for span in find_all(rows, words)] for words in kind.starts), key=len, default=[])
    yield from _cut([token for row in rows for token in row.tokens], starts, rows)


def _cut(tokens: list[Token], starts: Sequence[Box], rows: Sequence[Row]) -> Iterator[list[Row]]:
    if len(starts) > 1:
        for axis in (1, 0):
            edge = _blank(tokens, starts, axis)
            if edge is None:
                continue
            for is_before in (True, False):
                part = [one for one in tokens if (one.box[axis] < edge) == is_before]
                yield from _cut(part, [one for one in starts if (one[axis] < edge) == is_before], rows)
            return
    chosen = {id(token) for token in tokens}
    parts_left = ([token for token in row.tokens if id(token) in chosen] for row in rows)
    yield [Row(remaining) for remaining in parts_left if remaining]


def _blank(tokens: Sequence[Token], starts: Sequence[Box], axis: int) -> float | None:
    """Return the middle of the widest blank strip across the page that has starts on both of its sides."""
    first, last = min(one[axis] for one in starts), max(one[axis] for one in starts)
    best, edge, reached = 0.0, None, -1e9
    for token in sorted(tokens, key=lambda token: token.box[axis]):
        begin = token.box[axis]
        if begin - reached > best and first < (begin + reached) / 2 < last:
            best, edge = begin - reached, (begin + reached) / 2
        reached = max(reached, token.box[axis + 2])
    return edge
