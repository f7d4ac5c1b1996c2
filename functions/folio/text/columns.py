"""Pieces of lines in rows, and whether two of their columns are read one after the other or row by row."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from statistics import median

from msgspec import Struct

from folio.text.spacing import is_wide

MAX_ITEMS = 40  # looked back at: no page has more beside each other
_MIN_SIDE = 0.01  # of a box in the caller's unit: fonts without a height have flat ones

# In heights of a line.
_SAME_ROW = 0.5  # of the lower box's height, that two boxes of a row share
_RAISED, _MAX_RAISED = 0.3, 0.9  # the same of a mark beside it, whose height is less than this share
_SAME_BASELINE = 0.25  # between the bottoms, or the middles, of two cells of a row
_MAX_CENTERED_LINES = 3  # of a cell in the middle of whose height its neighbor stands
_MAX_CELL_GAP = 0.5  # between its lines

# Prose fills its column: half of its lines are this share of the longer ones, and have this many words.
_MIN_PROSE_ROWS, _MIN_PROSE_FILL, _MIN_PROSE_WORDS = 2, 0.6, 3.0
# Or it has fewer words and so many lines, half of which are as long as the longest around.
_MIN_NARROW_WORDS, _MIN_JUSTIFIED = 2.0, 8
_FULL, _MIN_FULL = 0.93, 0.5
_NEAR_ROWS = 3  # above and below one, among which a column is of one width: a picture makes it narrower
_LETTERS_PER_WORD, _WIDE_PER_WORD = 6, 3  # Latin letters with a space, Chinese characters
# Of the shorter column's lines, that stand on a line of the other: else they are no rows. Figures; text.
_MIN_ALIGNED, _MIN_TEXT_ALIGNED = 0.5, 0.8
_MIN_FIGURES = 0.5  # of a column's lines, that are figures

# An entry of an index or a list of contents: the columns of these are no table's, though they stand in rows.
_ENTRY = re.compile(r"[^\W\d].*[\s,.…][\d–-]+$")
_MIN_ENTRIES, _MIN_ENTRIES_SHARE = 5, 0.7


_OPEN = (",", "-", "\u2010", "，", "、")
_STOPS = "，。；"
# Of the rows of figures beside lines of sentences, that stand on one of these lines; how many lines, and which share of
# them, are of sentences.
_MIN_SENTENCES_ALIGNED, _MIN_SENTENCE_LINES, _MIN_SENTENCES = 0.85, 5, 0.5


class Item(Struct, gc=False):
    """A piece of a line: `index` is the caller's, the box is upright, `words` says how much text it is.

    `is_open`: it ends within a sentence; `is_of_sentence`: it begins within one, or has a stop of Chinese.
    """

    index: int
    left: float
    top: float
    right: float
    bottom: float
    words: float
    is_figure: bool
    is_entry: bool
    is_open: bool
    is_of_sentence: bool


type Row = list[Item]


def make_item(index: int, left: float, top: float, right: float, bottom: float, text: str) -> Item:
    wide = 0 if text.isascii() else sum(map(is_wide, text))
    figures = sum(map(str.isdigit, text))
    alphabetic = sum(map(str.isalpha, text))
    is_figure = figures > alphabetic or not alphabetic
    words = wide / _WIDE_PER_WORD + (len(text) - wide) / _LETTERS_PER_WORD
    right, bottom = max(right, left + _MIN_SIDE), max(bottom, top + _MIN_SIDE)
    is_open = text[-1:].isalpha() or text[-1:] in _OPEN
    is_entry, is_of_sentence = _ENTRY.match(text) is not None, text[:1].islower() or any(map(text.count, _STOPS))
    return Item(index, left, top, right, bottom, words, is_figure, is_entry, is_open, is_of_sentence)


def are_beside(one: Item, other: Item) -> bool:
    if one.right > other.left and other.right > one.left:
        return False
    heights = one.bottom - one.top, other.bottom - other.top
    shared = (min(one.bottom, other.bottom) - max(one.top, other.top)) / min(heights)
    if shared > _SAME_ROW:
        return True
    # A mark of a footnote, raised by more than half of its height.
    gap = max(one.left - other.right, other.left - one.right)
    return shared > _RAISED and gap < _SAME_ROW * max(heights) and min(heights) < _MAX_RAISED * max(heights)


def are_columns(left: list[Item], right: list[Item], height: float) -> bool:
    """Return whether two neighbours are read one after the other, not row by row."""
    if _are_entries(left) and _are_entries(right):
        return True
    if _is_figures(left) or _is_figures(right):
        has_sentences = _is_of_sentences(left) or _is_of_sentences(right)
        return _aligned(left, right, height) < (_MIN_SENTENCES_ALIGNED if has_sentences else _MIN_ALIGNED)
    if (is_prose(left) and is_prose(right)) or (_has_sentences(left) and _has_sentences(right)):
        return True
    fewer, others = sorted((left, right), key=len)
    if _aligned(fewer, others, height) < _MIN_TEXT_ALIGNED:
        return True
    return right is fewer and len(fewer) < len(others) / 2 and is_prose(left)


def _is_figures(items: list[Item]) -> bool:
    return sum(item.is_figure for item in items) >= _MIN_FIGURES * len(items)


def _is_of_sentences(items: list[Item]) -> bool:
    return _has_sentences(items) and is_prose(items)


def _has_sentences(items: list[Item]) -> bool:
    """Return whether most lines are of sentences, in a column so narrow that they have two words too."""
    sentences = sum(item.is_of_sentence and item.words >= _MIN_NARROW_WORDS for item in items)
    return sentences >= max(_MIN_SENTENCE_LINES, _MIN_SENTENCES * len(items))


def _are_entries(items: list[Item]) -> bool:
    return len(items) >= _MIN_ENTRIES and sum(item.is_entry for item in items) >= _MIN_ENTRIES_SHARE * len(items)


def is_prose(items: list[Item]) -> bool:
    # By rows too: poppler parts lines at the wide spaces of a narrow, justified column.
    return _fill_column([[item] for item in items]) or _fill_column(rows_of(items))


def _fill_column(rows: list[Row]) -> bool:
    if len(rows) < _MIN_PROSE_ROWS:
        return False
    widths = [max(item.right for item in row) - row[0].left for row in rows]
    ordered = sorted(widths)
    fill = ordered[len(rows) // 2] / (ordered[len(rows) * 9 // 10] or 1.0)
    words = median(sum(item.words for item in row) for row in rows)
    if words < _MIN_PROSE_WORDS:
        return words >= _MIN_NARROW_WORDS and _are_justified(widths)
    return max(fill, _fill_beside_pictures(widths)) >= _MIN_PROSE_FILL


def _are_justified(widths: list[float]) -> bool:
    """Return whether nearly all rows are of one width, as in a narrow column of Chinese or Japanese."""
    return len(widths) >= _MIN_JUSTIFIED and sum(fill >= _FULL for fill in _fills(widths)) >= _MIN_FULL * len(widths)


def _fill_beside_pictures(widths: list[float]) -> float:
    """Return which share of their column half of the rows fill, of a column as wide as the rows around each."""
    return median(_fills(widths))


def _fills(widths: list[float]) -> list[float]:
    around = [max(widths[max(0, index - _NEAR_ROWS) : index + _NEAR_ROWS + 1]) for index in range(len(widths))]
    return [width / (widest or 1.0) for width, widest in zip(widths, around, strict=True)]


def _aligned(left: list[Item], right: list[Item], height: float) -> float:
    """Return the share of the side with fewer rows that stands on baselines of the other one, or in cells that do.

    Of a cell of a few lines it is the middle that stands beside a single line.
    """
    fewer, others = sorted((left, right), key=_levels)  # cells of a row beside each other are one
    near = _SAME_BASELINE * height
    # On one baseline, of which boxes around ink tell by their middles: letters hang.
    bottoms, middles = sorted(item.bottom for item in others), sorted(map(_middle, others))
    aligned = {
        item.index for item in fewer if _is_near(item.bottom, bottoms, near) or _is_near(_middle(item), middles, near)
    }
    aligned |= {item.index for cell, _ in _centered(fewer, others, height) for item in cell}
    aligned |= {item.index for _, beside in _centered(others, fewer, height) for item in beside}
    return len(aligned) / len(fewer)


def _levels(items: list[Item]) -> int:
    """Return at how many heights items stand: those whose middle is beside the first one of a level are of it."""
    levels, bottom = 0, float("-inf")
    for item in sorted(items, key=lambda item: item.top):
        if _middle(item) > bottom:
            levels, bottom = levels + 1, item.bottom
    return levels


def _is_near(height: float, heights: list[float], near: float) -> bool:
    """Return whether one of the heights, which are sorted, is near."""
    index = bisect_left(heights, height - near)
    return index < len(heights) and heights[index] <= height + near


def _centered(column: list[Item], others: list[Item], height: float) -> Iterator[tuple[list[Item], list[Item]]]:
    """Yield the cells of several lines beside whose middle a line of the other side stands, and that line's items."""
    for cell in _cells(column, height):
        top, bottom = cell[0].top, cell[-1].bottom
        beside = [item for item in others if top < _middle(item) < bottom]
        near = _SAME_BASELINE * height
        if len(cell) > 1 and beside and all(abs(_middle(item) - (top + bottom) / 2) <= near for item in beside):
            yield cell, beside


def _middle(item: Item) -> float:
    return (item.top + item.bottom) / 2


def _cells(column: list[Item], height: float) -> list[list[Item]]:
    """Return the lines of a column in cells of a few lines; what is longer is left out."""
    cells: list[list[Item]] = []
    for item in sorted(column, key=lambda item: item.top):
        if cells and item.top - cells[-1][-1].bottom <= _MAX_CELL_GAP * height:
            cells[-1].append(item)
        else:
            cells.append([item])
    return [cell for cell in cells if len(cell) <= _MAX_CENTERED_LINES]


def rows_of(items: list[Item]) -> list[Row]:
    """Return the items, sorted by their tops, as rows from left to right."""
    rows: list[Row] = []
    for item in items:
        # The last rows: a tall item's row is not always the last one.
        row = next(
            (row for row in reversed(rows[-3:]) if any(are_beside(item, other) for other in row[-MAX_ITEMS:])), None
        )
        if row is None or any(item.left < other.right and other.left < item.right for other in row[-MAX_ITEMS:]):
            rows.append([item])
        else:
            row.append(item)
    for row in rows:
        row.sort(key=lambda item: item.left)
    return rows
