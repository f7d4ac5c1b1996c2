"""The passages of a result that are indexed: its blocks, lines that are in none, rows of tables without lines, codes
and stamps. Corrections that people have made count.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec import Raw, Struct

from folio.models import Field, Line, Page, Review, Source, Table, decode
from folio.review.apply import by_page, corrected_page
from folio.transform import Polygon


class Span(Struct, frozen=True, array_like=True):
    """A word, or a line, cell or code that is not divided; the polygon is in pixels of its page."""

    text: str
    polygon: Polygon | None


class Passage(Struct, frozen=True):
    """What answers as one; `width` and `height` are those of its page, in pixels."""

    page: int
    width: int
    height: int
    kind: str
    parts: tuple[Span, ...]


class _Result(Struct, frozen=True):
    """As much of a result as is needed; its pages are decoded one by one, for there may be thousands."""

    schema: Literal["folio/1"]
    source: Source
    pages: list[Raw]
    fields: tuple[Field, ...] = ()


def passages(result: bytes, review: bytes | None) -> Iterator[Passage]:
    """Yield the passages of a result with the corrections beside it.

    Raises msgspec.DecodeError or RecursionError for what is no result of Folio's. Corrections that cannot be used, or
    are of another document, are left out.
    """
    head = decode(result, _Result)
    edits = by_page(corrections) if (corrections := _corrections(review, head.source.etag)) else {}
    for raw in head.pages:
        page = msgspec.json.decode(raw, type=Page)
        if page.number in edits:
            page = corrected_page(page, edits[page.number], head.fields)
        for kind, parts in _of_page(page):
            if parts:
                yield Passage(page.number, page.width, page.height, kind, parts)


def _corrections(review: bytes | None, etag: str) -> Review | None:
    if review is None:
        return None
    try:
        corrections = decode(review, Review)
    except (msgspec.DecodeError, RecursionError):
        return None
    return corrections if corrections.source == etag else None


def _of_page(page: Page) -> Iterator[tuple[str, tuple[Span, ...]]]:
    in_blocks: set[int] = set()
    for block in page.blocks:
        indexes = [index for index in block.lines if index < len(page.lines) and index not in in_blocks]
        in_blocks.update(indexes)
        yield block.kind, tuple(part for index in indexes for part in _of_line(page.lines[index]))
    for index, line in enumerate(page.lines):
        if index not in in_blocks:
            yield "line", _of_line(line)
    if not page.lines:
        for table in page.tables:
            yield from _rows(table)
    for code in page.codes:
        yield "code", (Span(code.value, code.polygon),)
    for seal in page.seals:
        yield "stamp", (Span(seal.text, seal.polygon),)


def _of_line(line: Line) -> tuple[Span, ...]:
    return tuple(Span(word.text, word.polygon) for word in line.words or (line,))


def _rows(table: Table) -> Iterator[tuple[str, tuple[Span, ...]]]:
    rows: dict[int, list[Span]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(Span(cell.text, cell.polygon))
    for row in sorted(rows):
        yield "table", tuple(rows[row])
