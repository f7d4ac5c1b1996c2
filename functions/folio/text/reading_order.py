"""The order in which a reader takes the lines of a page: columns one after the other, rows of a table row by row.

A pure rule on boxes, in a frame in which the text is upright (`folio.textlayer.directions` turns it that way). The
pages of an open book are read one after the other. From top to bottom, boxes are gathered into bands that share a
gutter: white space from the band's top to its bottom with text on both sides. A gutter between columns of prose parts
its band, and each part is ordered by itself; across one between a table's columns the row is read through, or cell by
cell where these are paragraphs.
"""

import itertools
from collections.abc import Iterator, Sequence
from statistics import median

from folio.text.bands import Span, bands_of
from folio.text.columns import Item, Row, are_columns, make_item, rows_of
from folio.text.edges import with_even_edges
from folio.text.flow import in_flow
from folio.text.paragraph_cells import cells_by_row
from folio.text.prose_and_tables import parted_at_prose
from folio.text.spread import pages_of_spread
from folio.transform import Box

_MAX_DEPTH = 20  # of columns within columns

# In heights of a line (the median of the boxes).
_MIN_MARGIN_GAP = 1.2  # of white space below a page's first row, and above its last one
_MIN_HEADLINE = 1.3  # of a row at the top, whose parts are the headlines of columns below them
_MIN_BLOCK_GAP = 0.5  # more than between most lines: a blank line in the text
_MAX_ROW_GAP = 2.0  # between rows of one table
_MAX_ALONE = 2  # lines at the side of a page, as a letter's date


def reading_order(boxes: Sequence[Box], texts: Sequence[str]) -> list[list[list[int]]]:
    """Return blocks of rows of indices into `boxes`, in reading order; each index once.

    `boxes` (left, top, right, bottom; any unit, y downwards) are whole lines or pieces of lines with their `texts`;
    pieces that a reader takes as one line, such as the cells of a table's row, come as one row, from left to right.
    """
    even = with_even_edges(boxes)
    items = [make_item(index, *box, text) for index, (box, text) in enumerate(zip(even, texts, strict=True))]
    return [block for page in pages_of_spread(boxes, texts) for block in _blocks_of([items[index] for index in page])]


def _blocks_of(items: list[Item]) -> list[list[list[int]]]:
    """Return a page's items as `reading_order` does."""
    if not items:
        return []
    height = median(item.bottom - item.top for item in items) or 1.0
    items.sort(key=lambda item: (item.top, item.left))
    columns: list[list[Row]] = []
    for part in _apart(items, height):
        ordered = _ordered(part, height)
        if len(columns) == len(ordered) == 1:
            columns[0] += ordered[0]
        else:
            columns += ordered
    return [[[item.index for item in row] for row in block] for column in columns for block in _blocks(column, height)]


def _apart(items: list[Item], height: float) -> list[list[Item]]:
    """Return the items without the first and the last row, and these, where they stand apart: running titles do."""
    first, last = items[0].bottom, max(items, key=lambda item: item.bottom).top
    head = [item for item in items if item.top < first]
    foot = [item for item in items if item.bottom > last and item.top >= first]
    body = [item for item in items if item.top >= first and item.bottom <= last]
    if not body:
        return [items]
    top, bottom = min(item.top for item in body), max(item.bottom for item in body)
    are_headlines = len(head) > 1 and all(item.bottom - item.top >= _MIN_HEADLINE * height for item in head)
    if are_headlines or top - max(item.bottom for item in head) < _MIN_MARGIN_GAP * height:
        head, body = [], sorted([*head, *body], key=lambda item: (item.top, item.left))
    if foot and min(item.top for item in foot) - bottom < _MIN_MARGIN_GAP * height:
        foot, body = [], sorted([*body, *foot], key=lambda item: (item.top, item.left))
    return [part for part in (head, body, foot) if part]


def _ordered(items: list[Item], height: float, depth: int = 0) -> list[list[Row]]:
    """Return columns of rows, in reading order, of items sorted by their tops."""
    columns: list[list[Row]] = []
    was_parted = True
    for band, gutters in _bands(items, height, depth):
        parts = _columns(band, gutters, height) if depth < _MAX_DEPTH else [band]
        if len(parts) > 1 and (cells := cells_by_row(parts, height)):
            columns += cells
        elif len(parts) > 1:
            columns += in_flow([_ordered(part, height, depth + 1) for part in parts], height)
        elif was_parted:
            columns.append(rows_of(band))
        else:
            columns[-1] += rows_of(band)
        was_parted = len(parts) > 1
    return columns


def _bands(items: list[Item], height: float, depth: int) -> Iterator[tuple[list[Item], list[Span]]]:
    """Yield the bands of items and their gutters, prose apart from rows of a table above or below it."""
    for band, gutters in bands_of(items, height):
        parts = parted_at_prose(band, gutters, height) if depth < _MAX_DEPTH else [band]
        if len(parts) == 1:
            yield band, gutters
        else:
            yield from (one for part in parts for one in _bands(part, height, depth + 1))


def _columns(band: list[Item], gutters: list[Span], height: float) -> list[list[Item]]:
    """Return the band parted at those gutters that are between columns, from left to right.

    What is one across the narrowest gutters is told first: labels beside a column are no part of the one before it.
    """
    rest = band
    columns: list[list[Item]] = []
    for start, _ in gutters:
        columns.append([item for item in rest if item.left < start])
        rest = [item for item in rest if item.left >= start]
    columns.append(rest)
    edges = list(gutters)
    for gutter in sorted(gutters, key=lambda span: span[1] - span[0]):
        index = edges.index(gutter)
        if not _are_level(columns[index], columns[index + 1]) or not are_columns(
            columns[index], columns[index + 1], height
        ):
            columns[index : index + 2] = [columns[index] + columns[index + 1]]
            del edges[index]
    for column in columns:
        column.sort(key=lambda item: (item.top, item.left))
    return columns


def _are_level(left: Sequence[Item], right: Sequence[Item]) -> bool:
    """Return whether something on one side stands beside something on the other: the date of a letter does not."""
    if min(len(left), len(right)) > _MAX_ALONE:
        return True
    return any(one.top < other.bottom and other.top < one.bottom for one in left for other in right)


def _blocks(rows: list[Row], height: float) -> list[list[Row]]:
    """Return the rows of a column in blocks: another begins where the gap is wider than between most rows."""
    gaps = [
        min(item.top for item in row) - max(item.bottom for item in before) for before, row in itertools.pairwise(rows)
    ]
    widest = max(median(gaps), 0.0) + _MIN_BLOCK_GAP * height if gaps else 0.0
    blocks = [[rows[0]]]
    for row, gap in zip(rows[1:], gaps, strict=True):
        is_table = len(row) > 1 and len(blocks[-1][-1]) > 1 and gap <= _MAX_ROW_GAP * height
        if gap > widest and not is_table:
            blocks.append([row])
        else:
            blocks[-1].append(row)
    return blocks
