"""Tables whose cells are paragraphs: columns of text that are read row by row, and each cell as a whole.

Their rows stand apart by white space from the left column to the right one, and cells of a row begin on one line.
Columns of prose break their paragraphs each for itself.
"""

from itertools import pairwise
from statistics import median

from folio.text.columns import Item, Row, rows_of

# In heights of a line.
_MIN_ROW_GAP = 0.4  # between rows, more than between lines
_SAME_TOP = 0.3  # between the first lines of cells

_MIN_ROWS, _MIN_COMPLETE_SHARE = 3, 0.6  # with a cell in several columns; with one in each but the first, of these
_MIN_PARAGRAPHS = 2  # cells of several lines, for a row that is read cell by cell


def cells_by_row(columns: list[list[Item]], height: float) -> list[list[Row]]:
    """Return the rows of a table, each with its cells one after the other; empty if the columns are no table's.

    `columns` are pieces of lines, sorted by their tops.
    """
    gaps = [after.top - before.bottom for column in columns for before, after in pairwise(column)]
    if not gaps:
        return []
    widest = max(median(gaps), 0.0) + _MIN_ROW_GAP * height
    rows = _rows(columns, widest)
    shared = [row for row in rows if sum(map(bool, row)) > 1]
    complete = [row for row in shared if all(row[1:])]
    if len(shared) < _MIN_ROWS or len(complete) < _MIN_COMPLETE_SHARE * len(shared):
        return []
    if not all(_begin_together(row, height) and _are_whole(row, widest) for row in shared):
        return []
    if not any(_is_of_paragraphs(row) for row in shared):
        return []
    return [_read(row) for row in rows]


def _rows(columns: list[list[Item]], widest: float) -> list[list[list[Item]]]:
    """Return rows of cells, one for each column, parted where white space crosses all columns.

    It may be narrow below the longest cell, where the next line of another one is far from the last.
    """
    placed = sorted(
        ((item, column) for column, items in enumerate(columns) for item in items), key=lambda one: one[0].top
    )
    rows: list[list[list[Item]]] = []
    bottom = float("-inf")
    for item, column in placed:
        last = rows[-1][column] if rows else []
        if item.top - bottom > widest or (item.top > bottom and last and item.top - last[-1].bottom > widest):
            rows.append([[] for _ in columns])
        rows[-1][column].append(item)
        bottom = max(bottom, item.bottom)
    return rows


def _begin_together(row: list[list[Item]], height: float) -> bool:
    tops = [cell[0].top for cell in row if cell]
    return max(tops) - min(tops) <= _SAME_TOP * height


def _are_whole(row: list[list[Item]], widest: float) -> bool:
    """Return whether no cell is parted within."""
    return all(after.top - before.bottom <= widest for cell in row for before, after in pairwise(cell))


def _is_of_paragraphs(row: list[list[Item]]) -> bool:
    return sum(len(rows_of(cell)) > 1 for cell in row) >= _MIN_PARAGRAPHS


def _read(row: list[list[Item]]) -> list[Row]:
    if _is_of_paragraphs(row):
        return [line for cell in row for line in rows_of(cell)]
    return rows_of(sorted((item for cell in row for item in cell), key=lambda item: (item.top, item.left)))
