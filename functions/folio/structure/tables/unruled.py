"""Tables without upright lines: rows of text that stand in columns."""

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean, median

from folio.structure.tables.columns import in_columns, separators
from folio.structure.tables.drafts import DraftTable, is_boxed_form, is_form, is_scattered, is_stacked, is_table
from folio.structure.tables.header_bands import header_band, names_in, with_headers
from folio.structure.tables.headers import header_rows
from folio.structure.tables.rules import Rule
from folio.structure.tables.tokens import (
    Band,
    Token,
    bottom_of,
    is_figure,
    left_of,
    right_of,
    rows_of,
    segments_of,
    text_of,
    top_of,
    words_in,
)
from folio.structure.tables.wrapped import TableRow, merged_rows
from folio.text.columns import make_item
from folio.text.prose_and_tables import ends_of_prose

# In heights of the text.
_MAX_ROW_GAP, _MAX_WIDE_ROW_GAP = 1.9, 3.5  # between rows of a table; if their columns are the same
_CLOSE = 0.7  # between the lines of a header
_OVER = 2.0  # that a line above a table may be wider than it
_MIN_ROWS = 3
_MAX_SINGLE = 2  # rows of one cell, one after the other
_PROSE_WORDS, _PROSE_WIDTH = 9, 0.45  # of a line that fills this share of the page's width
_MAX_WORDS, _MAX_WORDS_OF_TWO = 6.0, 4.0  # of a cell, on average; the latter if there are two columns
# Columns of prose: how many lines tell; half of them are this share of the longer ones, and have this many words.
_MIN_PROSE_ROWS, _MIN_PROSE_FILL, _MIN_PROSE_WORDS, _MIN_FIGURES_OF_PROSE = 4, 0.7, 3.0, 0.3
_MIN_SENTENCE = 6  # words
# Of columns of prose whose first lines look like a table: lines below it that begin and fill as those in it do.
_BELOW, _MIN_BELOW, _SAME_EDGE = 6, 3, 0.5
_MAX_LETTERS = 1.4  # heights of the text, of letters in a table's first row
_MIN_FULL = 0.4  # of the columns, in the rows that have several cells: a drawing's words stand here and there
_MIN_FIGURES_OF_TWO = 0.15  # of the cells, if there are two columns


def unruled_tables(tokens: Sequence[Token], level: Sequence[Rule], width: float, height: float) -> list[DraftTable]:
    """Return the tables that stand in columns; `level` are lines that may part their rows."""
    bands = _bands(tokens, height)
    blocks = (part for block in _blocks(bands, width, height) for part in _apart_from_prose(block, height))
    return [
        table
        for block in with_headers(blocks, level, height, _MAX_WIDE_ROW_GAP * height)
        for run in _runs(block, header_band(block, level, height), height)
        if (table := _table(run, block, level, height)) and not _goes_on_as_prose(run, bands, height)
    ]


def table_inside(tokens: Sequence[Token], level: Sequence[Rule], height: float) -> DraftTable | None:
    """Return the table that is made of all the tokens, those of a frame of lines."""
    bands = _bands(tokens, height)
    return _table(bands, bands, level, height)


def _bands(tokens: Sequence[Token], height: float) -> list[Band]:
    return [Band(segments_of(row, height), top_of(row), bottom_of(row)) for row in rows_of(tokens)]


def _blocks(bands: list[Band], width: float, height: float) -> Iterator[list[Band]]:
    """Yield rows near each other, without lines of prose."""
    block: list[Band] = []
    for band in bands:
        is_prose = band.is_single and words_in(band.tokens) >= _PROSE_WORDS
        is_prose = is_prose and right_of(band.tokens) - left_of(band.tokens) > _PROSE_WIDTH * width
        if block and (is_prose or band.top - block[-1].bottom > _max_gap(block[-1], band) * height):
            yield block
            block = []
        if not is_prose:
            block.append(band)
    if block:
        yield block


def _apart_from_prose(block: list[Band], height: float) -> Iterator[list[Band]]:
    """Yield a block's rows, columns of prose apart from a table above or below whose columns go on in theirs."""
    segments = [segment for band in block for segment in band.row]
    areas = ((left_of(one), top_of(one), right_of(one), bottom_of(one)) for one in segments)
    items = [make_item(index, *area, text_of(segments[index])) for index, area in enumerate(areas)]
    tops = ends_of_prose(sorted(items, key=lambda item: (item.top, item.left)), height)
    for _, part in itertools.groupby(block, key=lambda band: bisect_right(tops, (band.top + band.bottom) / 2)):
        yield [*part]


def _max_gap(one: Band, other: Band) -> float:
    """Return how far apart two rows of a table may stand, in heights: those with the same columns farther."""
    if one.is_single or len(one.row) != len(other.row):
        return _MAX_ROW_GAP
    over = sum(
        left_of(two) < right_of(first) and left_of(first) < right_of(two)
        for first, two in zip(one.row, other.row, strict=True)
    )
    return _MAX_WIDE_ROW_GAP if over == len(one.row) else _MAX_ROW_GAP


def _runs(block: list[Band], head: int, height: float) -> Iterator[list[Band]]:
    """Yield rows of several cells with the few of one between them; the first `head` rows, a header, in any case."""
    run = block[:head]
    single = 0
    for band in block[head:]:
        single = single + 1 if band.is_single else 0
        if single > _MAX_SINGLE:
            yield _trimmed(run, height)
            run = []
        elif run or not band.is_single:
            run.append(band)
    yield _trimmed(run, height)


def _trimmed(run: list[Band], height: float) -> list[Band]:
    """Return the run without the rows of one cell at its end, but for a line that goes on with the last row's."""
    while run and (_is_sentence(run[0]) or _is_headline(run[0], height)):
        run = run[1:]
    size = len(run)
    while size and run[size - 1].is_single:
        size -= 1
    if 0 < size < len(run):
        last, after = run[size - 1], run[size]
        goes_on = text_of(after.tokens)[:1].islower() and after.top - last.bottom < _CLOSE * height
        size += goes_on and abs(left_of(after.tokens) - left_of(last.tokens)) < _OVER * height
    return run[:size]


def _is_headline(band: Band, height: float) -> bool:
    """Return whether a row is in larger letters, whose spaces look like gaps."""
    return median(token.height for token in band.tokens) > _MAX_LETTERS * height


def _is_sentence(band: Band) -> bool:
    """Return whether a row is what leads to the table: a sentence, or its end."""
    return words_in(band.tokens) >= _MIN_SENTENCE and text_of(band.tokens).endswith((":", "：", "。"))


def _table(run: list[Band], block: list[Band], level: Sequence[Rule], height: float) -> DraftTable | None:
    gaps = _gaps(run, header_band(run, level, height), height)
    if not gaps:
        return None
    left, right = min(left_of(band.tokens) for band in run), max(right_of(band.tokens) for band in run)
    run = _with_lines_above(run, block, (gaps[0], right), height)
    head = header_band(run, level, height)
    rows = [TableRow(in_columns(band.row, gaps, height), band.top, band.bottom) for band in run]
    if head and (names := names_in(run[:head], len(gaps) + 1)):
        rows[:head] = [TableRow(names, run[0].top, run[head - 1].bottom)]
        head = 1
    if not _looks_like_table(rows[head:], len(gaps) + 1):
        return None
    lines = [rule.at for rule in level if min(rule.end, right) - max(rule.start, left) > (right - left) / 2]
    cells, headers = merged_rows(rows, len(gaps) + 1, lines, height, head)
    box = left, min(row.top for row in rows), right, max(row.bottom for row in rows)
    if not is_table(cells) or is_scattered(cells) or is_form(cells) or is_stacked(cells):
        return None
    headers = headers or header_rows(cells)
    return None if is_boxed_form(cells, headers) else DraftTable(box, cells, headers)


def _gaps(run: list[Band], head: int, height: float) -> list[float]:
    """Return where columns end; the names in a header of so many rows may reach over that."""
    several = [[band.row for band in bands if not band.is_single] for bands in (run, run[head:])]
    gaps = [separators(rows, height) if len(rows) >= _MIN_ROWS else [] for rows in several]
    return max(gaps, key=len)


def _with_lines_above(run: list[Band], block: list[Band], across: tuple[float, float], height: float) -> list[Band]:
    """Return the run with up to two lines above it that stand over its columns but the first: parts of a header."""
    index = next(index for index, band in enumerate(block) if band is run[0])
    for band in block[max(0, index - 2) : index][::-1]:
        is_over = left_of(band.tokens) > across[0] - height and right_of(band.tokens) < across[1] + _OVER * height
        if not band.is_single or not is_over or run[0].top - band.bottom >= _CLOSE * height:
            break
        run = [band, *run]
    return run


def _goes_on_as_prose(run: Sequence[Band], bands: Sequence[Band], height: float) -> bool:
    """Return whether in two columns at least, lines of words below a table go on at the edges of those within it.

    A report of three columns begins so, whose title stands in the first.
    """
    end = max(band.bottom for band in run)
    inner = set(map(id, run))
    below = [band for band in bands if band.top >= end - height / 2 and id(band) not in inner]
    starts = sorted(
        left_of(segment) for band in below[:_BELOW] for segment in band.row if words_in(segment) >= _MIN_PROSE_WORDS
    )
    if not below or below[0].top - end > _MAX_ROW_GAP * height:
        return False
    inside = [segment for band in run for segment in band.row if words_in(segment) >= _MIN_PROSE_WORDS]
    edges = {round(left_of(segment)) for segment in inside}
    columns: list[float] = []
    for edge in sorted(edges):
        count = bisect_right(starts, edge + _SAME_EDGE * height) - bisect_left(starts, edge - _SAME_EDGE * height)
        if count >= _MIN_BELOW and not (columns and edge - columns[-1] <= height):
            columns.append(edge)
    return len(columns) > 1


def _is_prose(rows: list[TableRow], column: int) -> bool:
    """Return whether most lines of a column fill it with words: it is one of a newspaper's."""
    return _fill([row.cells[column, column] for row in rows if (column, column) in row.cells])


def _fill(lines: list[list[Token]]) -> bool:
    if len(lines) < _MIN_PROSE_ROWS:
        return False
    widths = sorted(right_of(line) - left_of(line) for line in lines)
    fill = widths[len(widths) // 2] / (widths[len(widths) * 9 // 10] or 1.0)
    return fill >= _MIN_PROSE_FILL and median(map(words_in, lines)) >= _MIN_PROSE_WORDS


def _are_columns_of_prose(rows: list[TableRow], columns: int) -> bool:
    """Return whether lines stand on both sides of a gap that fill these with words, each as one text.

    Wide spaces of a justified or typewritten line look like gaps between columns too, here and there.
    """
    for gap in range(columns - 1):
        sides = [
            (
                [row.cells[span] for span in row.cells if span[1] <= gap],
                [row.cells[span] for span in row.cells if span[0] > gap],
            )
            for row in rows
        ]
        whole = [(left[0], right[0]) for left, right in sides if len(left) == len(right) == 1]
        if len(whole) > len(rows) / 2 and all(_fill(list(side)) for side in zip(*whole, strict=True)):
            return True
    return False


def _looks_like_table(rows: list[TableRow], columns: int) -> bool:
    cells = [tokens for row in rows for tokens in row.cells.values()]
    words = fmean(map(words_in, cells))
    figures = fmean(is_figure(text_of(tokens)) for tokens in cells)
    is_prose = sum(_is_prose(rows, column) for column in range(columns)) > 1 or _are_columns_of_prose(rows, columns)
    if figures < _MIN_FIGURES_OF_PROSE and is_prose:
        return False
    if columns == 2 and (words > _MAX_WORDS_OF_TWO or figures < _MIN_FIGURES_OF_TWO):
        return False
    several = [len(row.cells) for row in rows if len(row.cells) > 1]
    if fmean(several) < _MIN_FULL * columns:
        return False
    beside = Counter(pair for row in rows for pair in itertools.combinations(sorted(row.cells), 2))
    if max(beside.values()) < _MIN_ROWS:  # no two columns have so many rows: words here and there
        return False
    return words <= _MAX_WORDS and len(several) >= _MIN_ROWS
