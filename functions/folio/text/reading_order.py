"""The order in which a reader takes the lines of a page: columns one after the other, rows of a table row by row.

A pure rule on boxes, in a frame in which the text is upright (`folio.textlayer.directions` turns it that way). The
pages of an open book are read one after the other. From top to bottom, boxes are gathered into bands that share a
gutter: white space from the band's top to its bottom with text on both sides. A gutter between columns of prose parts
its band, and each part is ordered by itself; across one between a table's columns the row is read through, or cell by
cell where these are paragraphs.
"""

import itertools
from collections.abc import Sequence
from statistics import median

from folio.text.columns import MAX_ITEMS, Item, Row, are_beside, are_columns, make_item, rows_of
from folio.text.flow import in_flow
from folio.text.paragraph_cells import cells_by_row
from folio.text.spread import pages_of_spread
from folio.transform import Box

_MAX_SPANS = 60  # of white space that are kept: no page has more beside each other
_MAX_DEPTH = 20  # of columns within columns

# In heights of a line (the median of the boxes).
_MIN_GUTTER = 0.6  # poppler parts lines at no narrower gap
_MAX_BAND_GAP = 2.5  # white space across a band, above which another begins
_MIN_MARGIN_GAP = 1.2  # the same below a page's first row, and above its last one
_MIN_BLOCK_GAP = 0.5  # more than between most lines: a blank line in the text
_MAX_ROW_GAP = 2.0  # between rows of one table

type _Span = tuple[float, float]


def reading_order(boxes: Sequence[Box], texts: Sequence[str]) -> list[list[list[int]]]:
    """Return blocks of rows of indices into `boxes`, in reading order; each index once.

    `boxes` (left, top, right, bottom; any unit, y downwards) are whole lines or pieces of lines with their `texts`;
    pieces that a reader takes as one line, such as the cells of a table's row, come as one row, from left to right.
    """
    items = [make_item(index, *box, text) for index, (box, text) in enumerate(zip(boxes, texts, strict=True))]
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
    if top - max(item.bottom for item in head) < _MIN_MARGIN_GAP * height:
        head, body = [], sorted([*head, *body], key=lambda item: (item.top, item.left))
    if foot and min(item.top for item in foot) - bottom < _MIN_MARGIN_GAP * height:
        foot, body = [], sorted([*body, *foot], key=lambda item: (item.top, item.left))
    return [part for part in (head, body, foot) if part]


def _ordered(items: list[Item], height: float, depth: int = 0) -> list[list[Row]]:
    """Return columns of rows, in reading order, of items sorted by their tops."""
    columns: list[list[Row]] = []
    was_parted = True
    for band, gutters in _bands(items, height):
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


class _Band:
    """Items that share the white space `free` from left to right: spans that none of them enters."""

    def __init__(self, items: list[Item], narrowest: float) -> None:
        self.items: list[Item] = []
        self.free: list[_Span] = [(float("-inf"), float("inf"))]
        self.left, self.right, self.bottom = float("inf"), float("-inf"), float("-inf")
        for item in items:
            self.add(item, _without(self.free, item, narrowest))

    def add(self, item: Item, free: list[_Span]) -> None:
        self.items.append(item)
        self.free = free
        self.left, self.right = min(self.left, item.left), max(self.right, item.right)
        self.bottom = max(self.bottom, item.bottom)

    def gutters(self, free: list[_Span]) -> list[_Span]:
        """Return the spans that have items of the band on both sides."""
        return [span for span in free if span[0] > self.left and span[1] < self.right]


def _bands(items: list[Item], height: float) -> list[tuple[list[Item], list[_Span]]]:
    """Return the bands from top to bottom, each with its gutters."""
    narrowest = _MIN_GUTTER * height
    bands: list[_Band] = []
    for item in items:
        band = bands[-1] if bands else None
        if band is None or item.top - band.bottom > _MAX_BAND_GAP * height:
            bands.append(_Band([item], narrowest))
            continue
        free = _without(band.free, item, narrowest)
        had_gutters, has_gutters = bool(band.gutters(band.free)), bool(band.gutters(free))
        if had_gutters and not has_gutters:
            bands.append(_Band([item], narrowest))
        elif not has_gutters and (gap := _gap_beside(item, band, free, narrowest)):
            bands += _parted(bands.pop(), item, gap, narrowest)
        else:
            band.add(item, free)
    return [(band.items, band.gutters(band.free)) for band in bands]


def _without(free: list[_Span], item: Item, narrowest: float) -> list[_Span]:
    spans: list[_Span] = []
    for start, end in free:
        if item.right <= start or item.left >= end:
            spans.append((start, end))
            continue
        if item.left - start >= narrowest:
            spans.append((start, item.left))
        if end - item.right >= narrowest:
            spans.append((item.right, end))
    if len(spans) > _MAX_SPANS:
        spans.remove(min(spans, key=lambda span: span[1] - span[0]))
    return spans


def _gap_beside(item: Item, band: _Band, free: list[_Span], narrowest: float) -> _Span | None:
    """Return the gap between the item and one beside it, if what lies above in the band closes it."""
    for other in band.items[:-MAX_ITEMS:-1]:
        if other.bottom <= item.top:
            if item.top - other.bottom > item.bottom - item.top:
                return None
            continue
        if not are_beside(item, other):
            continue
        gap = (other.right, item.left) if other.right < item.left else (item.right, other.left)
        is_open = any(start < gap[1] and end > gap[0] for start, end in free)
        if gap[1] - gap[0] >= narrowest and not is_open:
            return gap
    return None


def _parted(band: _Band, item: Item, gap: _Span, narrowest: float) -> list[_Band]:
    """Return the band without its last items that keep the gap open, and a band of these and the item."""
    start = len(band.items)
    while start and sum(end - begin for begin, end in _without([gap], band.items[start - 1], narrowest)) >= narrowest:
        gap = max(_without([gap], band.items[start - 1], narrowest), key=lambda span: span[1] - span[0])
        start -= 1
    before = [_Band(band.items[:start], narrowest)] if start else []
    return [*before, _Band([*band.items[start:], item], narrowest)]


def _columns(band: list[Item], gutters: list[_Span], height: float) -> list[list[Item]]:
    """Return the band parted at those gutters that are between columns, from left to right."""
    parts: list[list[Item]] = []
    rest = band
    for _, end in gutters:
        parts.append([item for item in rest if item.right < end])
        rest = [item for item in rest if item.right >= end]
    columns = [parts[0] if parts else rest]
    for before, part in zip(parts or [rest], [*parts[1:], rest] if parts else [], strict=False):
        if are_columns(before, part, height):
            columns.append(part)
        else:
            columns[-1] = columns[-1] + part
    for column in columns:
        column.sort(key=lambda item: (item.top, item.left))
    return columns


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
