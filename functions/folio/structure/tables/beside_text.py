"""Tables in one column of a page whose other columns are text: whole rows of the page say nothing of them."""

from collections.abc import Sequence

from folio.structure.tables.drafts import DraftTable
from folio.structure.tables.rules import Rules
from folio.structure.tables.tokens import (
    Token,
    bottom_of,
    is_figure,
    left_of,
    right_of,
    rows_of,
    text_of,
    top_of,
    words_in,
)
from folio.structure.tables.unruled import unruled_tables
from folio.text.reading_order import reading_order
from folio.transform import Box

_SAME_COLUMN = 0.6  # of the wider of two blocks, that they share
_MAX_WIDTH = 0.7  # of a column, as a share of the page's
# What proves a table there, for lists beside text and labels beside paragraphs look like two columns too.
_MIN_WORDS, _MIN_LINES = 5, 4  # of text beside it
_MIN_BESIDE = 2  # lines of it on one level with figures
_MIN_COLUMNS, _MIN_ROWS, _MIN_FIGURES = 3, 5, 0.5


def tables_beside_text(
    tokens: Sequence[Token], rules: Rules, width: float, height: float
) -> tuple[list[DraftTable], list[Token]]:
    """Return the tables of figures that stand in one column of the page's text, and the words outside of these columns.

    `width` is the page's, `height` that of its text.
    """
    tables: list[DraftTable] = []
    rest: list[Token] = []
    lines = _lines(tokens)
    if not _may_have_both(lines, width):
        return [], [*tokens]
    columns = _columns(lines)
    texts = [_around(column) for column, _, _ in columns if _is_text(column)]
    for column, left, right in columns:
        is_narrow = right - left < _MAX_WIDTH * width and any(_is_beside(_around(column), text) for text in texts)
        level = rules.between(left - height, right + height).level if is_narrow else []
        matches = filter(_is_of_figures, unruled_tables(column, level, right - left, height)) if is_narrow else ()
        before = len(tables)
        tables += matches
        rest += column if len(tables) == before else []
    return tables, rest


def _is_text(column: Sequence[Token]) -> bool:
    """Return whether a column has several lines of several words."""
    return sum(words_in(row) >= _MIN_WORDS for row in rows_of(column)) >= _MIN_LINES


def _is_beside(column: Box, text: Box) -> bool:
    is_level = column[1] < text[3] and text[1] < column[3]
    return is_level and (column[2] <= text[0] or text[2] <= column[0])


def _lines(tokens: Sequence[Token]) -> list[list[Token]]:
    lines: dict[int, list[Token]] = {}
    for token in tokens:
        lines.setdefault(token.line, []).append(token)
    return list(lines.values())


def _may_have_both(lines: Sequence[list[Token]], width: float) -> bool:
    """Return whether short lines of words stand beside figures: putting lines in order takes its time."""
    texts: list[Box] = []
    figures: list[Token] = []
    for line in lines:
        here = [token for token in line if is_figure(token.text)]
        if words_in(token for token in line if not is_figure(token.text)) >= _MIN_WORDS:
            texts += [box] if (box := _around(line))[2] - box[0] < _MAX_WIDTH * width else []
        else:
            figures += here
    if len(texts) < _MIN_LINES or len(figures) < _MIN_FIGURES * _MIN_ROWS * _MIN_COLUMNS:
        return False
    beside = (
        any(top < one.middle < bottom and (one.right < left or one.left > right) for one in figures)
        for left, top, right, bottom in texts
    )
    return sum(beside) >= _MIN_BESIDE


def _columns(members: Sequence[list[Token]]) -> list[tuple[list[Token], float, float]]:
    """Return the words of blocks that are read one after the other and are about as wide, with their left and right."""
    boxes = [_around(line) for line in members]
    columns: list[tuple[list[Token], float, float]] = []
    for block in reading_order(boxes, [text_of(line) for line in members]):
        words = [token for row in block for index in row for token in members[index]]
        left, _, right, _ = _around(words)
        if columns:
            before, start, end = columns[-1]
            if min(right, end) - max(left, start) > _SAME_COLUMN * max(right - left, end - start):
                columns[-1] = [*before, *words], min(left, start), max(right, end)
                continue
        columns.append((words, left, right))
    return columns


def _around(tokens: Sequence[Token]) -> Box:
    return left_of(tokens), top_of(tokens), right_of(tokens), bottom_of(tokens)


def _is_of_figures(table: DraftTable) -> bool:
    rows, columns = {cell.top for cell in table.cells}, {cell.left for cell in table.cells}
    figures = sum(is_figure(text_of(cell.tokens)) for cell in table.cells)
    is_large = len(rows) >= _MIN_ROWS and len(columns) >= _MIN_COLUMNS
    return is_large and figures >= _MIN_FIGURES * len(table.cells)
