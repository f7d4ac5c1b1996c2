"""The order in which a reader takes the lines of a page: columns one after the other, rows of a table row by row.

A pure rule on boxes, in a frame in which the text is upright (`folio.textlayer.directions` turns it that way). The
pages of an open book are read one after the other. From top to bottom, boxes are gathered into bands that share a
gutter: white space from the band's top to its bottom with text on both sides. A gutter between columns of prose parts
its band, and each part is ordered by itself; across one between a table's columns the row is read through, or cell by
cell where these are paragraphs.
"""

import itertools
from collections.abc import Mapping, Sequence
from statistics import median

from folio.text.columns import MAX_ITEMS, Item, Row, are_beside, are_columns, is_prose, make_item, rows_of
from folio.text.edges import with_even_edges
from folio.text.flow import in_flow
from folio.text.paragraph_cells import cells_by_row
from folio.text.spread import pages_of_spread
from folio.transform import Box

_MAX_SPANS = 60  # of white space that are kept: no page has more beside each other
_MAX_DEPTH = 20  # of columns within columns

# In heights of a line (the median of the boxes).
_MIN_GUTTER = 0.6  # poppler parts lines at no narrower gap
_MIN_KEPT_GUTTER = 0.3  # of one that parts so many items already: single lines reach into it, and columns lean
_MIN_KEPT_ITEMS = 6
_MIN_PROSE_GUTTER, _PROSE_LINES = 0.02, 6  # the same of one with so many lines of prose on either side
# Of a line across a gutter that goes on below: how high it is, how much white space is above and below it, and how many
# lines of either column there are. And how high and wide a speck is.
_MAX_SLIP_HEIGHT, _MAX_SLIP_GAP, _MIN_SLIP_LINES = 2.0, 1.5, 3
_MAX_SPECK = 0.8
_LEVEL = 0.5  # between the tops of two lines, of the lower one's height
_MAX_BAND_GAP = 2.5  # white space across a band, above which another begins
_MIN_MARGIN_GAP = 1.2  # the same below a page's first row, and above its last one
_MIN_HEADLINE = 1.3  # of a row at the top, whose parts are the headlines of columns below them
_MIN_BLOCK_GAP = 0.5  # more than between most lines: a blank line in the text
_MAX_ROW_GAP = 2.0  # between rows of one table
_MAX_ALONE = 2  # lines at the side of a page, as a letter's date

type _Span = tuple[float, float]

_NO_GUTTERS: Mapping[_Span, float] = {}


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

    def remove_beside(self, item: Item) -> list[Item]:
        """Take off and return the last items that stand on one level with one: they begin a band with it."""
        end = len(self.items)
        while end > 1 and _is_level(self.items[end - 1], item):
            end -= 1
        beside, self.items = self.items[end:], self.items[:end]
        self.left, self.right = min(one.left for one in self.items), max(one.right for one in self.items)
        self.bottom = max(one.bottom for one in self.items)
        return beside

    def gutters(self, free: list[_Span]) -> list[_Span]:
        """Return the spans that have items of the band on both sides."""
        return [span for span in free if span[0] > self.left and span[1] < self.right]


def _is_level(one: Item, other: Item) -> bool:
    """Return whether two items begin on one level, beside each other."""
    height = min(one.bottom - one.top, other.bottom - other.top)
    return are_beside(one, other) and abs(one.top - other.top) <= _LEVEL * height


def _bands(items: list[Item], height: float) -> list[tuple[list[Item], list[_Span]]]:
    """Return the bands from top to bottom, each with its gutters."""
    narrowest = _MIN_GUTTER * height
    bands: list[_Band] = []
    for index, item in enumerate(items):
        band = bands[-1] if bands else None
        if band is None or item.top - band.bottom > _MAX_BAND_GAP * height:
            bands.append(_Band([item], narrowest))
            continue
        free = _kept(band, item, narrowest, height)
        had_gutters, has_gutters = bool(band.gutters(band.free)), bool(band.gutters(free))
        if had_gutters and not has_gutters:
            if _is_slip(item, band, items[index + 1 : index + 1 + MAX_ITEMS], height):
                band.add(item, band.free)
            else:
                bands.append(_Band([*band.remove_beside(item), item], narrowest))
        elif not has_gutters and (gap := _gap_beside(item, band, free, narrowest)):
            bands += _parted(bands.pop(), item, gap, narrowest)
        else:
            band.add(item, free)
    return [(band.items, band.gutters(band.free)) for band in bands]


def _is_slip(item: Item, band: _Band, following: Sequence[Item], height: float) -> bool:
    """Return whether an item closes a band's gutters by mistake: two lines that were read as one, or a speck.

    What belongs across columns is higher than their lines, or has white space around it, or no columns below it.
    """
    if item.bottom - item.top > _MAX_SLIP_HEIGHT * height:
        return False
    is_speck = max(item.right - item.left, item.bottom - item.top) <= _MAX_SPECK * height
    for start, end in band.gutters(band.free):
        above = _sides(band.items[:-MAX_ITEMS:-1], start, end)
        across = (at for at, one in enumerate(following) if one.left < start and one.right > end)
        below = _sides(following[: next(across, None)], start, end)
        if any(len(side) < _MIN_SLIP_LINES for side in above):
            continue
        gaps = [item.top - max(one.bottom for one in side) for side in above]
        gaps += [min(one.top for one in side) - item.bottom for side in below if side]
        goes_on = all(len(side) == _MIN_SLIP_LINES for side in below) and max(gaps) <= _MAX_SLIP_GAP * height
        if is_speck or goes_on:
            return True
    return False


def _sides(
    items: Sequence[Item], start: float, end: float, count: int = _MIN_SLIP_LINES
) -> tuple[list[Item], list[Item]]:
    """Return the first items on either side of a gutter."""
    before = [item for item in items if item.right <= end]
    after = [item for item in items if item.left >= start]
    return before[:count], after[:count]


def _kept(band: _Band, item: Item, narrowest: float, height: float) -> list[_Span]:
    """Return the white space of a band that an item leaves; of its gutters narrower ones too."""
    gutters = band.gutters(band.free) if len(band.items) >= _MIN_KEPT_ITEMS else []
    narrower = dict.fromkeys(gutters, _MIN_KEPT_GUTTER * height)
    free = _without(band.free, item, narrowest, narrower)
    if len(band.gutters(free)) < len(gutters):
        between = [span for span in gutters if _is_between_prose(span, band.items)]
        if between:
            return _without(band.free, item, narrowest, narrower | dict.fromkeys(between, _MIN_PROSE_GUTTER * height))
    return free


def _is_between_prose(gutter: _Span, items: Sequence[Item]) -> bool:
    """Return whether what stands right beside a gutter is prose on either side, not the cells of a table."""
    before, after = _sides(items[::-1], *gutter, count=_PROSE_LINES)
    return len(before) == len(after) == _PROSE_LINES and is_prose(before[::-1]) and is_prose(after[::-1])


def _without(
    free: list[_Span], item: Item, narrowest: float, gutters: Mapping[_Span, float] = _NO_GUTTERS
) -> list[_Span]:
    """Return the spans that an item leaves: none below `narrowest`, or of those in `gutters` below the limit there."""
    spans: list[_Span] = []
    for span in free:
        start, end = span
        if item.right <= start or item.left >= end:
            spans.append(span)
            continue
        least = gutters.get(span, narrowest)
        if item.left - start >= least:
            spans.append((start, item.left))
        if end - item.right >= least:
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
