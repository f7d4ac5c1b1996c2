"""Rows of an unruled table: which lines are a new row, and which go on with the cells above."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from folio.structure.tables.columns import Cells, Span
from folio.structure.tables.drafts import Draft
from folio.structure.tables.tokens import Token, is_figure, text_of

_NEAR = 0.15  # in heights of the text, between figures and the lines of a label around them
_CLOSE = 0.7  # in heights of the text, between lines of a cell
_DATE = re.compile(r"(\d{1,2}[./-]\d{1,2}[./-])?(19|20)\d\d([-/–]\d{2,4})?")
_MIN_FIGURES = 0.4  # of the cells of the first row below a header


class TableRow(Struct):
    """A line of a table, or several that are one row."""

    cells: Cells
    top: float
    bottom: float

    @property
    def texts(self) -> dict[Span, str]:
        return {span: text_of(tokens) for span, tokens in self.cells.items()}


def merged_rows(
    rows: list[TableRow], columns: int, lines: Sequence[float], height: float, head: int = 0
) -> tuple[list[Draft], int]:
    """Return the cells, and how many of the rows are headers.

    `lines` are level ones, between rows; `head` is how many rows at the top are the header, if lines say it.
    """
    rows = rows[:head] + _with_labels_around(rows[head:], height)
    first = head or _first_body_row(rows)
    header = _two_levels_of(rows[:first]) if head else _header(rows[:first], height)
    if header is not None:
        body = list(_joined(rows[first:], columns, lines, height))
        top = max((cell.bottom for cell in header), default=-1) + 1
    else:
        header, body, top = [], list(_joined(rows, columns, lines, height)), 0
    cells = [
        Draft(top + index, span[0], top + index, span[1], tokens)
        for index, row in enumerate(body)
        for span, tokens in row.cells.items()
    ]
    return header + cells, top or min(first, 1)


def _with_labels_around(rows: list[TableRow], height: float) -> list[TableRow]:
    """Return the rows, those as one whose figures stand beside the middle of a label of two lines."""
    merged: list[TableRow] = []
    rest = list(rows)
    while rest:
        if len(rest) > 2 and _is_around(rest[0], rest[1], rest[2], height):
            above, figures, below = rest[:3]
            cells = {**figures.cells, (0, 0): [*above.cells[0, 0], *below.cells[0, 0]]}
            merged.append(TableRow(cells, above.top, below.bottom))
            rest = rest[3:]
        else:
            merged.append(rest.pop(0))
    return merged


def _is_around(above: TableRow, figures: TableRow, below: TableRow, height: float) -> bool:
    if any(list(row.cells) != [(0, 0)] for row in (above, below)) or any(span[0] == 0 for span in figures.cells):
        return False
    near = _NEAR * height
    return figures.top < above.bottom + near and below.top < figures.bottom + near and below.top > above.bottom - near


def _first_body_row(rows: list[TableRow]) -> int:
    """Return the index of the first row with figures; a row of years or dates alone is none."""
    for index, row in enumerate(rows):
        texts = row.texts
        figures = [text for text in texts.values() if is_figure(text)]
        if len(texts) > 1 and len(figures) >= max(1, _MIN_FIGURES * len(texts)) and not _are_years(row):
            return index
    return 0


def _are_years(row: TableRow) -> bool:
    return all(map(is_date, row.texts.values()))


def is_date(text: str) -> bool:
    """Return whether a text is a year or a date, as columns are named by too."""
    return _DATE.fullmatch(text) is not None


def _header(rows: list[TableRow], height: float) -> list[Draft] | None:
    """Return the cells of a header: what stands over several columns above what stands in one of them."""
    if not rows or any(two.top - one.bottom >= _CLOSE * height for one, two in itertools.pairwise(rows)):
        return None
    return _two_levels_of(rows)


def _two_levels_of(rows: list[TableRow]) -> list[Draft] | None:
    over: dict[Span, tuple[list[Token], int]] = {}
    for index, row in enumerate(rows):
        for span, tokens in row.cells.items():
            if span[0] < span[1]:
                over[span] = [*over.get(span, ([], 0))[0], *tokens], index
    if any(one < other and one[1] >= other[0] for one in over for other in over):
        return None
    return _two_levels(rows, {span: index for span, (_, index) in over.items()})


def _two_levels(rows: list[TableRow], over: dict[Span, int]) -> list[Draft]:
    """Return a header's cells; `over` are the spans of those over several columns, and their last lines."""
    above: defaultdict[Span, list[Token]] = defaultdict(list)
    below: defaultdict[int, list[Token]] = defaultdict(list)
    for index, row in enumerate(rows):
        for span, tokens in row.cells.items():
            cover = next((wide for wide in over if wide[0] <= span[0] and span[1] <= wide[1]), None)
            if cover and index <= over[cover]:
                above[cover] += tokens
            else:
                below[span[0]] += tokens
    last = 1 if over else 0
    covered = {column for wide in over for column in range(wide[0], wide[1] + 1)}
    cells = [Draft(0, span[0], 0, span[1], tokens) for span, tokens in above.items()]
    cells += [Draft(last if column in covered else 0, column, last, column, tokens) for column, tokens in below.items()]
    return cells


def _joined(rows: list[TableRow], columns: int, lines: Sequence[float], height: float) -> Iterator[TableRow]:
    """Yield rows, lines of one put together."""
    now: TableRow | None = None
    for row in rows:
        if now and _goes_on(now, row, columns, lines, height):
            for span, tokens in row.cells.items():
                home = next((wide for wide in now.cells if wide[0] <= span[0] <= wide[1]), span)
                now.cells.setdefault(home, []).extend(tokens)
            now.bottom = row.bottom
            continue
        if now:
            yield now
        now = TableRow({span: list(tokens) for span, tokens in row.cells.items()}, row.top, row.bottom)
    if now:
        yield now


def _goes_on(now: TableRow, row: TableRow, columns: int, lines: Sequence[float], height: float) -> bool:
    middle, next_middle = (now.top + now.bottom) / 2, (row.top + row.bottom) / 2
    if row.top - now.bottom >= _CLOSE * height or any(middle < line < next_middle for line in lines):
        return False
    texts = row.texts
    label = next((text for span, text in texts.items() if span[0] == 0), "")
    if not label:
        return not any(map(is_figure, texts.values())) and len(texts) <= max(1, columns // 2)
    if not label[0].islower():
        return False
    return len(texts) == 1 or list(now.cells) == [(0, 0)]
