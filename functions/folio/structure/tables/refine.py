"""Rows and columns of a ruled table that no line parts: bands of several rows, and columns beside each other."""

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from folio.structure.tables.columns import in_columns, separators
from folio.structure.tables.drafts import Draft
from folio.structure.tables.tokens import (
    Row,
    Segment,
    Token,
    bottom_of,
    is_figure,
    left_of,
    right_of,
    rows_of,
    segments_of,
    text_of,
    top_of,
)

# Where there are so many bands, those with more lines than so many times the median: others are rows as they are ruled.
_MIN_BANDS, _MAX_USUAL = 4, 1.5
_MIN_ROWS = 3  # in which columns beside each other show
_MIN_PARTED = 0.6  # of a column's rows, that have a gap in the same place
_MIN_PARTED_AT_FREE = 0.3  # the same, if all others end before that place or begin after it
_MIN_ALIGNED = 0.7  # of a band's rows, that all of two columns' cells have


def refined(cells: list[Draft], xs: Sequence[float], ys: Sequence[float], height: float) -> list[Draft]:
    """Return the cells of a grid with the rows and columns that words alone show in it."""
    cells = [part for cell in cells for part in _between(cell, xs, height)]
    cells = [part for cell in cells for part in _by_rows(cell, ys)]
    gaps = [gap for column in range(len(xs) - 1) for gap in _gaps_in(cells, column, height)]
    if gaps:
        cells = [part for cell in cells for part in _across(cell, xs, sorted([*xs, *gaps]), height)]
    counts = [len(rows_of(_tokens_in(cells, row))) for row in range(len(ys) - 1)]
    usual = max(2.0, _MAX_USUAL * median(counts)) if len(counts) >= _MIN_BANDS else 0.0
    cuts = [cut for row, count in enumerate(counts) if count > usual for cut in _cuts_in(cells, row)]
    if cuts:
        cells = [part for cell in cells for part in _downwards(cell, ys, sorted([*ys, *cuts]))]
    return cells


def _tokens_in(cells: list[Draft], row: int) -> list[Token]:
    return [token for cell in cells if cell.top == cell.bottom == row for token in cell.tokens]


def _between(cell: Draft, xs: Sequence[float], height: float) -> list[Draft]:
    """Return the parts of a cell over several columns whose texts stand in one of them each."""
    if cell.left == cell.right:
        return [cell]
    parts: defaultdict[tuple[int, int], list[Token]] = defaultdict(list)
    for row in rows_of(cell.tokens):
        segments, inner = segments_of(row, height), xs[cell.left + 1 : cell.right + 1]
        for span, tokens in in_columns(segments, inner, height, parted=False).items():
            parts[span] += tokens
    spans = sorted(parts)
    if len(spans) < 2 or any(one[1] >= other[0] for one, other in itertools.pairwise(spans)):
        return [cell]
    if any(left_of(parts[span]) < xs[cell.left + span[0]] for span in spans[1:]):  # it only begins near a column's edge
        return [cell]
    return [
        Draft(cell.top, cell.left + first, cell.bottom, cell.left + last, tokens)
        for (first, last), tokens in parts.items()
    ]


def _by_rows(cell: Draft, ys: Sequence[float]) -> list[Draft]:
    """Return the parts of a cell over several rows that is a column of figures: lines there are, but not in it."""
    rows = rows_of(cell.tokens)
    parts = {bisect_right(ys, row[0].middle) - 1: row for row in rows}
    if cell.top == cell.bottom or len(parts) < len(rows) or not _is_column_of_figures(cell.tokens):
        return [cell]
    return [Draft(row, cell.left, row, cell.right, tokens) for row, tokens in parts.items()]


def _gaps_in(cells: list[Draft], column: int, height: float) -> list[float]:
    here = [cell for cell in cells if cell.left == cell.right == column]
    rows: list[Row] = [segments_of(row, height) for cell in here for row in rows_of(cell.tokens)]
    parted = [row for row in rows if len(row) > 1]
    if len(parted) < _MIN_ROWS or len(parted) < _MIN_PARTED_AT_FREE * len(rows):
        return []
    gaps = separators(parted, height)
    if len(parted) >= _MIN_PARTED * len(rows):
        return gaps
    segments = [(left_of(segment), right_of(segment)) for row in rows for segment in row]
    return [gap for gap in gaps if not any(left < gap < right for left, right in segments)]


def _across(cell: Draft, before: Sequence[float], after: Sequence[float], height: float) -> list[Draft]:
    """Return a cell's parts in finer columns."""
    first, last = after.index(before[cell.left]), after.index(before[cell.right + 1]) - 1
    if first == last:
        return [Draft(cell.top, first, cell.bottom, last, cell.tokens)]
    inner = after[first + 1 : last + 1]
    parts: defaultdict[tuple[int, int], list[Token]] = defaultdict(list)
    for row in rows_of(cell.tokens):
        for span, tokens in in_columns(segments_of(row, height), inner, height).items():
            parts[span] += tokens
    if len(parts) == 1:
        return [Draft(cell.top, first, cell.bottom, last, cell.tokens)]
    return [
        Draft(cell.top, first + left, cell.bottom, first + right, result) for (left, right), result in parts.items()
    ]


def _cuts_in(cells: list[Draft], row: int) -> list[float]:
    """Return the heights at which a band of the grid is parted into rows."""
    here = [cell for cell in cells if cell.top == cell.bottom == row]
    lines = rows_of(_tokens_in(cells, row))
    if len(here) < 2 or len(lines) < 2:
        return []
    counts = sorted((len(rows_of(cell.tokens)) for cell in here), reverse=True)
    is_aligned = len(lines) >= _MIN_ROWS and counts[1] >= _MIN_ALIGNED * len(lines)
    is_aligned = is_aligned and not any(_is_wrapped(cell, cells) for cell in here)
    if is_aligned or any(_is_column_of_figures(cell.tokens) for cell in here):
        return [(bottom_of(one) + top_of(two)) / 2 for one, two in itertools.pairwise(lines)]
    return _cuts_by_labels(min(here, key=lambda cell: cell.left), lines)


def _cuts_by_labels(labels: Draft, lines: list[Segment]) -> list[float]:
    """Return where the rows of a band begin whose labels do not stand line below line."""
    rows = rows_of(labels.tokens)
    if len(rows) < 2 or not any(_is_apart(one, two) for one, two in itertools.pairwise(rows)):
        return []
    cuts = []
    for one, two in itertools.pairwise(rows):
        index = next(index for index, line in enumerate(lines) if two[0] in line)
        alone = next(line for line in lines if one[0] in line)
        if _is_apart(one, two) or len(alone) == len(one) < len(lines[index]) - len(two) + 1:
            cuts.append((bottom_of(lines[index - 1]) + top_of(lines[index])) / 2)
    return cuts


def _is_apart(one: Segment, two: Segment) -> bool:
    return top_of(two) - bottom_of(one) >= two[0].height


def _is_wrapped(cell: Draft, cells: list[Draft]) -> bool:
    """Return whether most lines of a cell end where the next word would not have fitted."""
    rows = rows_of(cell.tokens)
    if len(rows) < 2:
        return False
    column = [other for other in cells if (other.left, other.right) == (cell.left, cell.right)]
    width = max(right_of(row) for other in column for row in rows_of(other.tokens)) - left_of(cell.tokens)
    full = sum(
        row[-1].right - row[0].left + 1.3 * (after[0].right - after[0].left) > width
        for row, after in itertools.pairwise(rows)
    )
    return full > (len(rows) - 1) / 2 and not _is_column_of_figures(cell.tokens)


def _is_column_of_figures(tokens: list[Token]) -> bool:
    rows = rows_of(tokens)
    return len(rows) > 1 and all(is_figure(text_of(row)) for row in rows)


def _downwards(cell: Draft, before: Sequence[float], after: Sequence[float]) -> list[Draft]:
    """Return a cell's parts in finer rows; a single line between the rows of others spans them all."""
    first, last = after.index(before[cell.top]), after.index(before[cell.bottom + 1]) - 1
    if first == last or (cell.top != cell.bottom and not _is_column_of_figures(cell.tokens)):
        return [Draft(first, cell.left, last, cell.right, cell.tokens)]
    parts: defaultdict[int, list[Token]] = defaultdict(list)
    for token in cell.tokens:
        parts[min(max(bisect_right(after, token.middle) - 1, first), last)].append(token)
    if len(parts) == 1 and last - first > 1 and first not in parts:
        return [Draft(first, cell.left, last, cell.right, cell.tokens)]
    return [Draft(row, cell.left, row, cell.right, result) for row, result in parts.items()]
