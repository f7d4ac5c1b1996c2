"""The order in which a reader takes the lines of a page: columns one after the other, rows of a table row by row.

A pure rule on boxes, in a frame in which the text is upright (`folio.textlayer.directions` turns it that way). From top
to bottom, boxes are gathered into bands that share a gutter: white space from the band's top to its bottom with text on
both sides. A gutter between columns of prose parts its band, and each part is ordered by itself; across one between a
table's columns the row is read through.
"""

import itertools
import re
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from folio.text.spacing import is_wide
from folio.transform import Box

_MAX_ITEMS, _MAX_SPANS = 40, 60  # looked back at, and kept: no page has more beside each other
_MAX_DEPTH = 20  # of columns within columns
_MIN_SIDE = 0.01  # of a box in the caller's unit: fonts without a height have flat ones

# In heights of a line (the median of the boxes).
_MIN_GUTTER = 0.6  # poppler parts lines at no narrower gap
_MAX_BAND_GAP = 2.5  # white space across a band, above which another begins
_MIN_BLOCK_GAP = 0.5  # more than between most lines: a blank line in the text
_MAX_ROW_GAP = 2.0  # between rows of one table
_SAME_ROW = 0.5  # of the lower box's height, that two boxes of a row share
_RAISED, _MAX_RAISED = 0.3, 0.9  # the same of a mark beside it, whose height is less than this share
_SAME_BASELINE = 0.25  # between the bottoms of two cells of a row

# Prose fills its column: half of its lines are this share of the longer ones, and have this many words.
_MIN_PROSE_ROWS, _MIN_PROSE_FILL, _MIN_PROSE_WORDS = 2, 0.6, 3.0
_LETTERS_PER_WORD, _WIDE_PER_WORD = 6, 3  # Latin letters with a space, Chinese characters
# Of the shorter column's lines, that stand on a line of the other: else they are no rows. Figures; text.
_MIN_ALIGNED, _MIN_TEXT_ALIGNED = 0.5, 0.8
_MIN_FIGURES = 0.5  # of a column's lines, that are figures

# An entry of an index or a list of contents: the columns of these are no table's, though they stand in rows.
_ENTRY = re.compile(r"[^\W\d].*[\s,.…][\d–-]+$")
_MIN_ENTRIES, _MIN_ENTRIES_SHARE = 5, 0.7


class Item(Struct, gc=False):
    """A piece of a line: `index` is the caller's, the box is upright, `words` says how much text it is."""

    index: int
    left: float
    top: float
    right: float
    bottom: float
    words: float
    is_figure: bool
    is_entry: bool


type Row = list[Item]
type _Span = tuple[float, float]


def reading_order(boxes: Sequence[Box], texts: Sequence[str]) -> list[list[list[int]]]:
    """Return blocks of rows of indices into `boxes`, in reading order; each index once.

    `boxes` (left, top, right, bottom; any unit, y downwards) are whole lines or pieces of lines with their `texts`;
    pieces that a reader takes as one line, such as the cells of a table's row, come as one row, from left to right.
    """
    items = [_item(index, *box, text) for index, (box, text) in enumerate(zip(boxes, texts, strict=True))]
    if not items:
        return []
    height = median(item.bottom - item.top for item in items) or 1.0
    items.sort(key=lambda item: (item.top, item.left))
    columns = _ordered(items, height)
    return [[[item.index for item in row] for row in block] for column in columns for block in _blocks(column, height)]


def _item(index: int, left: float, top: float, right: float, bottom: float, text: str) -> Item:
    wide = 0 if text.isascii() else sum(map(is_wide, text))
    figures = sum(map(str.isdigit, text))
    alphabetic = sum(map(str.isalpha, text))
    is_figure = figures > alphabetic or not alphabetic
    words = wide / _WIDE_PER_WORD + (len(text) - wide) / _LETTERS_PER_WORD
    right, bottom = max(right, left + _MIN_SIDE), max(bottom, top + _MIN_SIDE)
    return Item(index, left, top, right, bottom, words, is_figure, _ENTRY.match(text) is not None)


def _ordered(items: list[Item], height: float, depth: int = 0) -> list[list[Row]]:
    """Return columns of rows, in reading order, of items sorted by their tops."""
    columns: list[list[Row]] = []
    was_parted = True
    for band, gutters in _bands(items, height):
        parts = _columns(band, gutters, height) if depth < _MAX_DEPTH else [band]
        if len(parts) > 1:
            for part in parts:
                columns += _ordered(part, height, depth + 1)
        elif was_parted:
            columns.append(_rows(band))
        else:
            columns[-1] += _rows(band)
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
    for other in band.items[:-_MAX_ITEMS:-1]:
        if other.bottom <= item.top:
            if item.top - other.bottom > item.bottom - item.top:
                return None
            continue
        if not _beside(item, other):
            continue
        gap = (other.right, item.left) if other.right < item.left else (item.right, other.left)
        is_open = any(start < gap[1] and end > gap[0] for start, end in free)
        if gap[1] - gap[0] >= narrowest and not is_open:
            return gap
    return None


def _beside(one: Item, other: Item) -> bool:
    if one.right > other.left and other.right > one.left:
        return False
    heights = one.bottom - one.top, other.bottom - other.top
    shared = (min(one.bottom, other.bottom) - max(one.top, other.top)) / min(heights)
    if shared > _SAME_ROW:
        return True
    # A mark of a footnote, raised by more than half of its height.
    gap = max(one.left - other.right, other.left - one.right)
    return shared > _RAISED and gap < _SAME_ROW * max(heights) and min(heights) < _MAX_RAISED * max(heights)


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
        if _are_columns(before, part, height):
            columns.append(part)
        else:
            columns[-1] = columns[-1] + part
    for column in columns:
        column.sort(key=lambda item: (item.top, item.left))
    return columns


def _are_columns(left: list[Item], right: list[Item], height: float) -> bool:
    """Return whether two neighbours are read one after the other, not row by row."""
    if _are_entries(left) and _are_entries(right):
        return True
    if _is_figures(left) or _is_figures(right):
        return _aligned(left, right, height) < _MIN_ALIGNED
    if _is_prose(left) and _is_prose(right):
        return True
    fewer, others = sorted((left, right), key=len)
    if _aligned(fewer, others, height) < _MIN_TEXT_ALIGNED:
        return True
    return right is fewer and len(fewer) < len(others) / 2 and _is_prose(left)


def _is_figures(items: list[Item]) -> bool:
    return sum(item.is_figure for item in items) >= _MIN_FIGURES * len(items)


def _are_entries(items: list[Item]) -> bool:
    return len(items) >= _MIN_ENTRIES and sum(item.is_entry for item in items) >= _MIN_ENTRIES_SHARE * len(items)


def _is_prose(items: list[Item]) -> bool:
    # By rows too: poppler parts lines at the wide spaces of a narrow, justified column.
    return _fill_column([[item] for item in items]) or _fill_column(_rows(items))


def _fill_column(rows: list[Row]) -> bool:
    if len(rows) < _MIN_PROSE_ROWS:
        return False
    widths = sorted(max(item.right for item in row) - row[0].left for row in rows)
    fill = widths[len(rows) // 2] / (widths[len(rows) * 9 // 10] or 1.0)
    words = median(sum(item.words for item in row) for row in rows)
    return words >= _MIN_PROSE_WORDS and fill >= _MIN_PROSE_FILL


def _aligned(left: list[Item], right: list[Item], height: float) -> float:
    """Return the share of the fewer items that stand on the baseline of one on the other side."""
    fewer, others = sorted((left, right), key=len)
    bottoms = [item.bottom for item in others]
    near = _SAME_BASELINE * height
    return sum(any(abs(item.bottom - bottom) <= near for bottom in bottoms) for item in fewer) / len(fewer)


def _rows(items: list[Item]) -> list[Row]:
    """Return the items, sorted by their tops, as rows from left to right."""
    rows: list[Row] = []
    for item in items:
        # The last rows: a tall item's row is not always the last one.
        row = next(
            (row for row in reversed(rows[-3:]) if any(_beside(item, other) for other in row[-_MAX_ITEMS:])), None
        )
        if row is None or any(item.left < other.right and other.left < item.right for other in row[-_MAX_ITEMS:]):
            rows.append([item])
        else:
            row.append(item)
    for row in rows:
        row.sort(key=lambda item: item.left)
    return rows


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
