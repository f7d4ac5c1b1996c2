"""Where columns end: stretches that the words of nearly all rows leave free."""

import itertools
from bisect import bisect_right
from collections.abc import Sequence

from folio.structure.tables.tokens import Row, Segment, Token, left_of, right_of

type Span = tuple[int, int]  # the first and the last column that a text stands in
type Cells = dict[Span, list[Token]]  # of one row

_STEPS = 8  # per height of the text, that is looked at
_MAX_CROSSING = 0.1  # of the rows, whose text stands in a gap between columns
_MIN_ROWS_TO_CROSS = 5
_MIN_ROWS = 3
_MIN_GAP = 0.35
_REACH = 0.3  # that a text may reach over a gap's middle
_MIN_INNER_GAP = 0.25  # between words of a segment that stand in two columns


def separators(rows: Sequence[Row], height: float) -> list[float]:
    """Return the middles of the gaps between columns, in which at most a tenth of the rows has text."""
    several = max(map(len, rows)) / 2  # as many segments as those between columns: others are headers over several
    if sum(len(row) >= several for row in rows) >= _MIN_ROWS:
        rows = [row for row in rows if len(row) >= several]
    left = min(left_of(segment) for row in rows for segment in row)
    right = max(right_of(segment) for row in rows for segment in row)
    step = height / _STEPS
    counts = [0] * (int((right - left) / step) + 2)
    for row in rows:
        for segment in row:
            for index in range(int((left_of(segment) - left) / step), int((right_of(segment) - left) / step) + 1):
                counts[index] += 1
    limit = max(_MAX_CROSSING * len(rows), 1 if len(rows) >= _MIN_ROWS_TO_CROSS else 0)
    return [left + step * middle for middle in _gaps(counts, limit)]


def _gaps(counts: list[int], limit: float) -> list[float]:
    result: list[float] = []
    start: int | None = None
    for index, count in enumerate(counts):
        if count <= limit:
            start = index if start is None else start
            continue
        if start and index - start >= _MIN_GAP * _STEPS:
            least = min(counts[start:index])
            emptiest = [at for at in range(start, index) if counts[at] == least]
            result.append((emptiest[0] + emptiest[-1] + 1) / 2)
        start = None
    return result


def in_columns(row: Row, gaps: Sequence[float], height: float, *, parted: bool = True) -> Cells:
    """Return the row's tokens by the columns that they stand in, segments parted where columns end in them."""
    cells: Cells = {}
    for segment in row:
        for part in _parts(segment, gaps, height) if parted else [segment]:
            first = bisect_right(gaps, left_of(part) + _REACH * height)
            last = max(first, bisect_right(gaps, right_of(part) - _REACH * height))
            cells.setdefault((first, last), []).extend(part)
    return cells


def _parts(segment: Segment, gaps: Sequence[float], height: float) -> list[Segment]:
    """Return a segment parted at the gaps between columns; if words stand across one of them, it is all one text."""
    parts, crossed = [[segment[0]]], 0
    reach = 0.2 * height
    for before, token in itertools.pairwise(segment):
        between = [gap for gap in gaps if before.right - reach <= gap <= token.left + reach]
        if between and token.left - before.right > _MIN_INNER_GAP * height:
            parts.append([token])
            crossed += len(between)
        else:
            parts[-1].append(token)
    inside = sum(segment[0].left + reach < gap < segment[-1].right - reach for gap in gaps)
    return parts if crossed >= inside else [segment]
