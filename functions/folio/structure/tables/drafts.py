"""Cells on their way: which rows and columns they fill, and the words in them."""

import itertools
import re
from collections import Counter

from msgspec import Struct

from folio.structure.tables.tokens import Token, is_figure, text_of
from folio.transform import Box

# What tells words here and there from a table without lines, and forms: of the public tables none has less than 0.54 of
# its positions filled, more than 0.38 of its rows with one cell alone, or more than 0.29 with a question.
_MIN_PLACES_FILLED, _MAX_SINGLE_ROWS, _MAX_QUESTIONS = 0.5, 0.6, 0.4
_MIN_TURNS = 2  # labels above a figure of their own
# Boxes of a form, of words: their rows are divided otherwise each, or their columns say all kinds of things. Of the
# public tables with so few figures four rows of five are divided alike, and a column has figures or has none.
_MAX_FIGURES, _MIN_ALIKE, _MIN_DIVIDED = 0.3, 0.4, 3
_MAX_SPARSE, _MAX_MIXED = 0.65, 0.35
_WORD = re.compile(r"[^\W\d_]{3}")
_QUESTION = re.compile(r"[^\W\d_][^:：]*[:：](?!\d)|[:：]")


class Draft(Struct):
    """A cell; rows and columns are counted from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int
    tokens: list[Token]


class DraftTable(Struct):
    """A table in the upright frame; `is_ruled` if its cells were parted by lines of both directions."""

    box: Box
    cells: list[Draft]
    header_rows: int = 0
    is_ruled: bool = False


def is_table(cells: list[Draft]) -> bool:
    """Return whether there are at least two rows and columns in which something stands."""
    return len({cell.top for cell in cells}) > 1 and len({cell.left for cell in cells}) > 1


def is_scattered(cells: list[Draft]) -> bool:
    """Return whether cells are a drawing's words here and there: few positions filled, or few rows with several."""
    rows = Counter(cell.top for cell in cells)
    height, width = max(cell.bottom for cell in cells) + 1, max(cell.right for cell in cells) + 1
    positions = {
        (row, column)
        for cell in cells
        for row in range(cell.top, cell.bottom + 1)
        for column in range(cell.left, cell.right + 1)
    }
    single = sum(count == 1 for count in rows.values())
    return len(positions) < _MIN_PLACES_FILLED * height * width or single > _MAX_SINGLE_ROWS * len(rows)


def is_form(cells: list[Draft]) -> bool:
    """Return whether most rows have a question with a colon: its answer beside it makes no column."""
    asking = {cell.top for cell in cells if _QUESTION.match(text_of(cell.tokens))}
    return len(asking) > _MAX_QUESTIONS * len({cell.top for cell in cells})


def is_stacked(cells: list[Draft]) -> bool:
    """Return whether labels, each with words of its own, and figures take turns down a column: boxes of a form."""
    columns: dict[int, list[str]] = {}
    for cell in sorted(cells, key=lambda cell: cell.top):
        columns.setdefault(cell.left, []).append(text_of(cell.tokens))
    return any(map(_take_turns, columns.values()))


def is_boxed_form(cells: list[Draft], header_rows: int) -> bool:
    """Return whether cells are the boxes of a form, each with its label and answer, or with one of them.

    The rows of a table are divided alike, and what stands in one of its columns is of one kind: its heading says it.
    """
    body = [cell for cell in cells if cell.top >= header_rows]
    texts = [text_of(cell.tokens) for cell in body]
    if sum(map(is_figure, texts)) >= _MAX_FIGURES * len(texts):
        return False
    rows: dict[int, list[tuple[int, int]]] = {}
    columns: dict[int, list[bool]] = {}
    for cell, text in zip(body, texts, strict=True):
        rows.setdefault(cell.top, []).append((cell.left, cell.right))
        if 0 < cell.left == cell.right:
            columns.setdefault(cell.left, []).append(any(map(str.isdigit, text)))
    divided = Counter(tuple(sorted(row)) for row in rows.values() if len(row) > 1)
    is_sparse = len(body) < _MAX_SPARSE * len(rows) * (max(cell.right for cell in body) + 1)
    if is_sparse and divided.total() >= _MIN_DIVIDED and max(divided.values()) < _MIN_ALIKE * divided.total():
        return True
    shares = [sum(column) / len(column) for column in columns.values() if len(column) > 1]
    mixed = [min(filled, 1 - filled) for filled in shares]
    return not header_rows and sum(mixed) > _MAX_MIXED * len(mixed)


def _take_turns(texts: list[str]) -> bool:
    labels = [text for text in texts if not is_figure(text)]
    if len(set(labels)) < len(labels) or not all(map(_WORD.search, labels)):
        return False
    turns = Counter((is_figure(one), is_figure(other)) for one, other in itertools.pairwise(texts))
    return turns[False, True] >= _MIN_TURNS and turns[True, False] >= _MIN_TURNS - 1 and not turns[True, True]


def without_empty(cells: list[Draft]) -> list[Draft]:
    """Return the cells with rows and columns counted anew, without those in which no cell begins."""
    rows = {row: index for index, row in enumerate(sorted({cell.top for cell in cells}))}
    columns = {column: index for index, column in enumerate(sorted({cell.left for cell in cells}))}
    return [
        Draft(
            rows[cell.top],
            columns[cell.left],
            max(index for row, index in rows.items() if row <= cell.bottom),
            max(index for column, index in columns.items() if column <= cell.right),
            cell.tokens,
        )
        for cell in cells
    ]


def without_overlaps(cells: list[Draft]) -> list[Draft]:
    """Return the cells, none over another: spans end before the next cell, and what begins within one is part of it."""
    starts = {(cell.top, cell.left) for cell in cells}
    taken: dict[tuple[int, int], Draft] = {}
    for cell in sorted(cells, key=lambda cell: (cell.top, cell.left)):
        if over := taken.get((cell.top, cell.left)):
            over.tokens = [*over.tokens, *cell.tokens]
            continue
        right = cell.left
        while right < cell.right and (cell.top, right + 1) not in starts | taken.keys():
            right += 1
        across = range(cell.left, right + 1)
        bottom = cell.top
        while bottom < cell.bottom and not any((bottom + 1, column) in starts | taken.keys() for column in across):
            bottom += 1
        cell.right, cell.bottom = right, bottom
        taken |= {(row, column): cell for row in range(cell.top, bottom + 1) for column in across}
    return list({id(cell): cell for cell in taken.values()}.values())
