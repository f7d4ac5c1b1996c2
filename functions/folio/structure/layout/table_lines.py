"""Which lines stand in tables: those whose words are in cells. A line that is only partly in one is parted there.

Engines and text layers join what stands beside a table to its rows; without that, words would be lost or said twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby, pairwise

import msgspec
from msgspec import Struct

from folio.models import Line, Page, Table, Word, weighted_mean
from folio.outputs.base import words_of
from folio.transform import Box, Point, Polygon, bounds

_BAND_PX = 64.0  # by which cells are looked up
_ROUNDED_PX = 0.2  # of a cell's corners
_LEADERS = " .…·_"


class LinesInTables(Struct, frozen=True):
    """`page` has its lines parted at tables' edges; `tables` says for each of them which table it is in, if in one.

    Tables whose cells have no polygons are not among them.
    """

    page: Page
    tables: tuple[int | None, ...]


def lines_in_tables(page: Page) -> LinesInTables:
    """Return which lines of a page stand in which table's cells."""
    cells = [_Cells(table) for table in page.tables]
    if not any(cells):
        return LinesInTables(page, (None,) * len(page.lines))
    lines: list[Line] = []
    homes: list[int | None] = []
    for line in page.lines:
        words = words_of(line)
        indexes = [next((index for index, one in enumerate(cells) if one.have(word)), None) for word in words]
        parts = _parted(line, words, indexes)
        lines += [part for part, _ in parts]
        homes += [home for _, home in parts]
    is_same = len(lines) == len(page.lines)
    return LinesInTables(page if is_same else msgspec.structs.replace(page, lines=tuple(lines)), tuple(homes))


class _Cells:
    """Where a table's cells are."""

    def __init__(self, table: Table) -> None:
        self._bands: defaultdict[int, list[tuple[Box, Polygon | None]]] = defaultdict(list)
        for cell in table.cells:
            if cell.polygon and cell.text:
                around = bounds(cell.polygon)
                for band in range(int(around[1] // _BAND_PX), int(around[3] // _BAND_PX) + 1):
                    self._bands[band].append((around, None if _is_upright(cell.polygon) else cell.polygon))

    def __bool__(self) -> bool:
        return bool(self._bands)

    def have(self, word: Word) -> bool:
        """Return whether a word's middle is in a cell."""
        x, y = _middle(word)
        return any(
            left - _ROUNDED_PX <= x <= right + _ROUNDED_PX and top - _ROUNDED_PX <= y <= bottom + _ROUNDED_PX
            for (left, top, right, bottom), cell in self._bands.get(int(y // _BAND_PX), ())
            if cell is None or _is_within((x, y), cell)
        )


def _middle(word: Word) -> Point:
    """Return the middle of a word without the dots that lead from it to the next column."""
    shown = len(word.text.rstrip(_LEADERS)) / max(len(word.text), 1) or 1.0
    p, q, r, s = word.polygon
    x, y = ((2 - shown) * (p[axis] + s[axis]) + shown * (q[axis] + r[axis]) for axis in (0, 1))
    return x / 4, y / 4


def _is_upright(cell: Polygon) -> bool:
    """Return whether a polygon is its own bounds."""
    return all(one[0] == two[0] or one[1] == two[1] for one, two in pairwise((*cell, cell[0])))


def _is_within(point: Point, cell: Polygon) -> bool:
    """Return whether a point is within a polygon whose corners go around clockwise; on its edge it is."""
    around = (*cell, cell[0])
    turns = [
        (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
        for start, end in pairwise(around)
    ]
    slack = _ROUNDED_PX * max(abs(end[0] - start[0]) + abs(end[1] - start[1]) for start, end in pairwise(around))
    return min(turns) >= -slack or max(turns) <= slack


def _parted(line: Line, words: Sequence[Word], indexes: Sequence[int | None]) -> list[tuple[Line, int | None]]:
    """Return a line's parts, each with its table; signs without letters go with the words before them."""
    homes = list(indexes)
    for index, word in enumerate(words):
        if index and not any(map(str.isalnum, word.text)):
            homes[index] = homes[index - 1]
    if len(set(homes)) == 1:
        return [(line, homes[0])]
    parts, offset = [], 0
    groups = [(home, [word for _, word in group]) for home, group in groupby(zip(homes, words, strict=True), _home)]
    for index, (home, group) in enumerate(groups):
        end = len(line.text) if index + 1 == len(groups) else _end(line.text, group, offset)
        text = line.text[offset:end].strip() if end is not None else " ".join(word.text for word in group)
        offset = end or offset
        parts.append((_line(text, group), home))
    return parts


def _home(pair: tuple[int | None, Word]) -> int | None:
    return pair[0]


def _end(text: str, words: Sequence[Word], offset: int) -> int | None:
    """Return where words end in a line's text; None if it is not theirs."""
    for word in words:
        start = text.find(word.text, offset)
        if start < 0:
            return None
        offset = start + len(word.text)
    return offset


def _line(text: str, words: Sequence[Word]) -> Line:
    (first, _, _, last), (_, second, third, _) = words[0].polygon, words[-1].polygon
    confidence = weighted_mean((word.confidence, len(word.text)) for word in words)
    return Line(text, confidence, (first, second, third, last), tuple(words))
